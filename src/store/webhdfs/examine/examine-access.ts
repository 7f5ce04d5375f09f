import { type Found, failed, untold, well } from '../../examine/finding.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { isUnknownOperation, thrownBy } from './ask-server.ts';
import type { NearFolder } from './examine-folder.ts';

const WHAT = {
  '-wx': { may: 'write into', need: 'w and x' },
  'r-x': { may: 'list and read', need: 'r and x' },
} as const;

/** Whether we may write into a folder, or read it: asked of the NameNode, which knows groups and ACLs. */
export async function examineAccess(
  nodes: NameNodes,
  { path, owner }: NearFolder,
  action: keyof typeof WHAT,
  who: string | null,
  signal: AbortSignal,
): Promise<Found<true>> {
  const { may, need } = WHAT[action];
  const user = who ?? 'this user';
  try {
    const parameters = { fsaction: action };
    await askAccess(nodes, path, parameters, signal);
    return well(`${user} may ${may} ${path}`, true);
  } catch (error) {
    if (isUnknownOperation(error)) return untold('this server does not know CHECKACCESS; the canary tells');
    if (thrownBy(error) !== 'AccessControlException') throw error;
  }
  const inside = path.replace(`hdfs://${nodes.plan.name}`, '') || '/';
  const grant = `hdfs dfs -setfacl -m user:${user}:${action === '-wx' ? 'rwx' : 'r-x'} ${inside}`;
  const hint = `${need} are needed. Its owner may grant them: ${grant} (or -chown, -chmod, or a group). Or is it the wrong user? Check user of connection ${nodes.plan.name}.`;
  return failed('ATLAS_HDFS_DENIED', `${user} may not ${may} ${path} (${owner})`, hint);
}

/** CHECKACCESS answers 200 without a body. */
async function askAccess(
  nodes: NameNodes,
  path: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  await nodes.call({ method: 'GET', op: 'CHECKACCESS', path, parameters, repeatable: true }, { signal }, () => true);
}
