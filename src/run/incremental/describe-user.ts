import { hostname, userInfo } from 'node:os';

/** Who runs this process: user and host. */
export function describeUser(): string {
  return `${userName()}@${hostname()}`;
}

/** An account without a name (a container's) is told by its number. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}
