import { AtlasError } from '../../errors.ts';
import type { Call } from './call.ts';
import type { NameNodes } from './name-nodes.ts';
import { mayRedirect } from './redirect-guard.ts';

/** Where the second step of a call goes. Fails with ATLAS_HDFS_REDIRECT before one byte is sent there. */
export function guardLocation(call: Call, location: string | null, from: string, nodes: NameNodes): URL {
  const place = { file: call.path };
  if (location === null) {
    throw new AtlasError('ATLAS_HDFS_PROTOCOL', `${call.op} ${place.file}: 307 was expected, with a Location`, {
      place,
    });
  }
  const to = new URL(location, from);
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
    throw new AtlasError(
      'ATLAS_HDFS_REDIRECT',
      `${call.op} ${place.file} is redirected from https to ${to.protocol.slice(0, -1)}`,
      { place },
    );
  }
  return to;
}
