import type { WebHdfsConnection } from '../read-plan.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import { boardCredentials } from './board-credentials.ts';
import type { Credentials } from './credentials.ts';
import { declaredCredentials } from './declared-credentials.ts';

/** Who asks on a connection; nobody is asked yet. What signs in by Kerberos is loaded only where that is declared. */
export async function openCredentials(
  { kerberos, tokenBoard = null }: Pick<WebHdfsConnection, 'kerberos' | 'tokenBoard'>,
  plan: WebHdfsPlan,
): Promise<Credentials> {
  if (kerberos !== null) {
    const { KerberosCredentials } = await import('./kerberos-credentials.ts');
    return new KerberosCredentials(plan, kerberos, tokenBoard);
  }
  return tokenBoard === null ? declaredCredentials(plan) : boardCredentials(plan, tokenBoard);
}
