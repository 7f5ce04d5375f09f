import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerAccount } from './server-account.ts';

/** Makes a folder and all that is in it belong to the account of a server; does nothing where it runs as we do. */
export function handOver(path: string, account: ServerAccount | null): void {
  if (account === null) return;
  if (lstatSync(path).isSymbolicLink()) return;
  chownSync(path, account.uid, account.gid);
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) handOver(join(path, name), account);
}
