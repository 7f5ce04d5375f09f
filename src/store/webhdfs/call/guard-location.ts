import { AtlasError } from '../../../errors.ts';
import { type Call, protocolError } from './call.ts';
import type { NameNodes } from './name-nodes.ts';
import { mayRedirect } from './redirect-guard.ts';

/** Where the second step of a call goes. Fails with ATLAS_HDFS_REDIRECT or ATLAS_HDFS_PROTOCOL before one byte is sent there. */
export function guardLocation(call: Call, location: string, from: string, nodes: NameNodes): URL {
  const place = { file: call.path };
  const to = urlOf(call, location, from);
  const { urls, redirectHosts } = nodes.plan;
  const secure = new URL(from).protocol === 'https:';
  if (!mayRedirect(to.hostname, urls, redirectHosts)) {
    throw new AtlasError(
      'ATLAS_HDFS_REDIRECT',
      `${call.op} ${place.file} is redirected to ${to.hostname}, which no rule allows`,
      {
        place,
        hint: `Add "redirect_hosts": [${JSON.stringify(to.hostname)}] to the connection ${nodes.plan.name}, if it is one of its DataNodes.`,
      },
    );
  }
  if (secure && to.protocol !== 'https:') {
    throw new AtlasError('ATLAS_HDFS_REDIRECT', `${call.op} ${place.file} is redirected from https to http`, {
      place,
      hint: 'Let the DataNodes serve https too (dfs.http.policy).',
    });
  }
  return to;
}

function urlOf(call: Call, location: string, from: string): URL {
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    throw protocolError(call, 'the Location of its redirect is no URL'); // the parser's own error quotes it
  }
  if (to.protocol !== 'http:' && to.protocol !== 'https:') {
    throw protocolError(call, `its redirect leads to ${to.protocol}, which is not http`);
  }
  if (to.username !== '' || to.password !== '') throw protocolError(call, 'the Location of its redirect names a user');
  return to;
}
