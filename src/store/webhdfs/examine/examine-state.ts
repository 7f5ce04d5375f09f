import { doubtful, type Found, failed, untold, well } from '../../examine/finding.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { askServer, thrownBy } from './ask-server.ts';
import { readBean } from './read-bean.ts';

export type State = 'active' | 'standby';

/** Whether a server does the work or stands by, and whether it is in safe mode, as far as it tells. */
export async function examineState(nodes: NameNodes, signal: AbortSignal): Promise<Found<State>> {
  const { name, api } = nodes.plan;
  try {
    await askServer(nodes, { op: 'GETFILESTATUS', path: `hdfs://${name}`, key: 'FileStatus' }, signal);
  } catch (error) {
    const thrown = thrownBy(error);
    if (thrown === 'StandbyException' || thrown === 'ObserverRetryOnActiveException')
      return well('on standby', 'standby');
    if (thrown !== 'AccessControlException') throw error;
  }
  if (api === 'httpfs') return well('answers for the cluster (HttpFS)', 'active');
  const bean = await readBean(nodes.plan, 'FSNamesystemState', signal);
  if (bean === null) return { ...untold('active; it does not tell whether it is in safe mode'), facts: 'active' };
  const live = Number(bean['NumLiveDataNodes']);
  const dead = Number(bean['NumDeadDataNodes']);
  const nodesUp = `${live} ${live === 1 ? 'DataNode' : 'DataNodes'} alive${dead > 0 ? `, ${dead} dead` : ''}`;
  if (bean['FSState'] === 'safeMode') {
    const hint =
      live === 0
        ? 'It waits for DataNodes to report: start them, or look at their logs.'
        : 'After a start it ends by itself; else "hdfs dfsadmin -safemode get" says why, and "-safemode leave" ends it (an administrator).';
    return failed('ATLAS_HDFS_UNAVAILABLE', `active, but in safe mode: nothing can be written (${nodesUp})`, hint);
  }
  if (live === 0) {
    return failed(
      'ATLAS_HDFS_UNAVAILABLE',
      'active, but no DataNode is alive',
      'Start DataNodes, or look at their logs.',
    );
  }
  if (dead === 0) return well(`active, ${nodesUp}`, 'active');
  return doubtful(`active, ${nodesUp}`, "Look at the NameNode's page for which; blocks may lack copies.", 'active');
}
