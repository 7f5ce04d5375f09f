import { readFileSync } from 'node:fs';

/** Whom a server runs as. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * For servers that refuse to run as root: the first of these accounts that this machine has, else `nobody`. `null` where this process
 * is not root: servers run as it does.
 */
export function serverAccount(...names: readonly string[]): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const name = [...names, 'nobody'].find((each) => accounts.has(each));
  const account = accounts.get(name ?? '');
  if (account === undefined) throw new Error('this machine has no account that is not root');
  return account;
}
