import { isIP } from 'node:net';
import { unreadable } from './unreadable.ts';

/** How the connection is protected, in libpq's words; `allow` and `prefer`, which protect nothing, are resolved to one of these. */
export type SslMode = 'disable' | 'require' | 'verify-ca' | 'verify-full';

const MODES: readonly string[] = ['disable', 'require', 'verify-ca', 'verify-full'];
const WEAK: readonly string[] = ['allow', 'prefer'];

/**
 * What the URL says, else PGSSLMODE; else none on this host, and `verify-full` to any other. Fails with ATLAS_LEDGER_URL for a mode that
 * does not say whether a server elsewhere is to be trusted.
 */
export function sslModeOf(
  said: string | null,
  environment: string | null,
  hosts: readonly { readonly host: string }[],
): SslMode {
  const isHere = hosts.every(({ host }) => isOnThisHost(host));
  const mode = said ?? (environment !== null && WEAK.includes(environment) ? null : environment);
  if (mode === null) return isHere ? 'disable' : 'verify-full';
  if (MODES.includes(mode)) return mode as SslMode;
  if (!WEAK.includes(mode)) throw unreadable(`sslmode is ${JSON.stringify(mode)}`, `Known are ${MODES.join(', ')}.`);
  if (isHere) return 'disable';
  const hint = 'Say verify-full (with sslrootcert where the authority is your own), verify-ca, require or disable.';
  throw unreadable(`sslmode=${mode} sends the password in the clear where a server elsewhere asks for it`, hint);
}

/** A Unix socket, `localhost`, or a loopback address. */
function isOnThisHost(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
