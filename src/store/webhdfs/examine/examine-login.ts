import { posix } from 'node:path';
import { doubtful, type Found, untold, well } from '../../examine/finding.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { askServer, thrownBy } from './ask-server.ts';
import type { Identification } from './open-nodes.ts';

/** What Hadoop calls who gives no name, unless it is told otherwise. */
const NOBODY = 'dr.who';

/** Signs in as a run would, and says whom the server takes us for. */
export async function examineLogin(nodes: NameNodes, how: Identification, signal: AbortSignal): Promise<Found<string>> {
  const { name } = nodes.plan;
  let home: string;
  try {
    home = await askServer(nodes, { op: 'GETHOMEDIRECTORY', path: `hdfs://${name}`, key: 'Path' }, signal);
  } catch (error) {
    if (thrownBy(error) === 'StandbyException') return untold('a standby does not say');
    throw error;
  }
  const who = posix.basename(String(home));
  if (how === 'token') return well(`signed in as ${who} by the delegation token`, who);
  if (how === 'kerberos') return well(`signed in as ${who} by Kerberos`, who);
  if (how === 'name') return well(`taken for ${who} by its name (user.name): this server asks for no proof`, who);
  const hint = `Declare "user" in connection ${name}${who === NOBODY ? `: ${NOBODY} owns nothing` : ''}.`;
  return doubtful(`taken for ${who}: the connection declares no user`, hint, who);
}
