import { AtlasError } from '../../../errors.ts';
import { type Found, failed, well } from '../../examine/finding.ts';
import { openPort } from '../../examine/open-port.ts';
import { resolveHost } from '../../examine/resolve-host.ts';
import { guardLocation } from '../call/guard-location.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { portOf } from './examine-port.ts';

/**
 * Asks where a new file would be written to, which changes nothing yet, and whether this machine can go there: the classic is a DataNode
 * that announces a name which only the cluster knows.
 */
export async function examineDataNode(nodes: NameNodes, path: string, signal: AbortSignal): Promise<Found<URL>> {
  const call = { method: 'PUT', op: 'CREATE', path, repeatable: true } as const;
  const { location, url } = await nodes.locate(call, { signal });
  const { name, limits } = nodes.plan;
  let to: URL;
  try {
    to = guardLocation(call, location, url, nodes);
  } catch (error) {
    if (!(error instanceof AtlasError) || error.code !== 'ATLAS_HDFS_REDIRECT') throw error;
    return failed(error.code, `the NameNode sends us to ${new URL(location, url).host}: ${error.message}`, error.hint);
  }
  const known = await resolveHost(to.hostname, limits.connect, signal);
  if (!('addresses' in known)) {
    const hint = `DataNodes tell the NameNode their own name, and it sends everybody there. Make ${to.hostname} known to this machine (DNS, or a line in /etc/hosts), or have the DataNodes announce names that are known here (dfs.datanode.hostname), or go through HttpFS or a gateway ("api": "httpfs").`;
    const message = `the NameNode sends us to the DataNode ${to.host}, and this machine does not know the host ${to.hostname} (${known.reason})`;
    return failed('ATLAS_HDFS_DATANODE', message, hint);
  }
  const port = portOf(to);
  const open = await openPort(to.hostname, port, limits.connect, signal);
  const where = `${to.hostname}:${port}`;
  const address = known.addresses[0] === to.hostname ? '' : ` (${known.addresses.join(', ')})`;
  if ('milliseconds' in open)
    return well(`the NameNode sends us to ${where}${address}, which takes the connection`, to);
  const inner = /^(127\.|::1$|0\.0\.0\.0$)/.test(known.addresses[0] ?? '');
  const why = inner
    ? `${to.hostname} means this very machine here, and another one to the cluster: have the DataNodes announce names that are right here too.`
    : `The way to the NameNode is open, that to the DataNodes is not: have the port ${port} of all DataNodes opened from here, or go through HttpFS or a gateway ("api": "httpfs") in connection ${name}.`;
  const message = `the NameNode sends us to the DataNode ${where}${address}, which cannot be reached (${open.reason})`;
  return failed('ATLAS_HDFS_DATANODE', message, why);
}
