import { NameNodes } from '../call/name-nodes.ts';
import { openCredentials } from '../credentials/open-credentials.ts';
import type { WebHdfsConnection } from '../read-plan.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';

/** The servers of a plan, asked as a run would ask them. Signing in is a part of the first call. */
export async function openNodes(
  connection: WebHdfsConnection,
  plan: WebHdfsPlan,
): Promise<{ readonly nodes: NameNodes } & AsyncDisposable> {
  const credentials = await openCredentials(connection, plan);
  return {
    nodes: new NameNodes(plan, credentials),
    [Symbol.asyncDispose]: () => credentials[Symbol.asyncDispose](),
  };
}

/** How a connection shows who it is. */
export type Identification = 'kerberos' | 'token' | 'name' | 'none';

export function identificationOf({ kerberos, token, user }: WebHdfsConnection): Identification {
  if (kerberos !== null) return 'kerberos';
  if (token !== null) return 'token';
  return user === null ? 'none' : 'name';
}
