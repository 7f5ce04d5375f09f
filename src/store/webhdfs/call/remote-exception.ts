import { redact } from './redact.ts';

/** What a NameNode or DataNode says went wrong. */
export interface RemoteException {
  /** Class name without its package (`StandbyException`); `HTTP 503` where a server said no more than that. */
  readonly name: string;
  readonly message: string;
}

/** What is to be done about it: the class decides, never the status code, which is 403 for three of these. */
export type Remedy =
  /** Nothing was done: ask again, the next NameNode or this one after a while. */
  | 'again'
  /** A gateway lost its own server: nobody knows what was done. */
  | 'look'
  /** It will not change by asking again. */
  | 'stop';

/** Standby, safe mode, retriable refusals, blocks that are not there yet, a server that asks for patience. */
const AGAIN: ReadonlySet<string> = new Set([
  'StandbyException',
  'ObserverRetryOnActiveException',
  'RetriableException',
  'SafeModeException',
  'ServerNotYetActiveException',
  'NotReplicatedYetException',
  'ReplicaNotFoundException',
  'RecoveryInProgressException',
  'UnresolvedUserException',
  'HTTP 408',
  'HTTP 425',
  'HTTP 429',
]);
const LOOK: ReadonlySet<string> = new Set([
  'ConnectException',
  'ConnectTimeoutException',
  'SocketTimeoutException',
  'SocketException',
  'NoRouteToHostException',
  'EOFException',
  'InterruptedIOException',
  'ClosedChannelException',
  'ClosedByInterruptException',
  'AsynchronousCloseException',
]);
/** Classes that only wrap the one that is meant. */
const WRAPPERS: ReadonlySet<string> = new Set(['RemoteException', 'IOException', 'RetriableException']);

/** Reads the body of an answer; null where it holds no RemoteException. */
export function parseRemoteException(body: string): RemoteException | null {
  try {
    const { RemoteException: it } = JSON.parse(body) as {
      RemoteException?: { exception?: unknown; javaClassName?: unknown; message?: unknown };
    };
    const named = typeof it?.exception === 'string' ? it.exception : it?.javaClassName;
    if (typeof named !== 'string' || named === '') return null;
    const message = typeof it?.message === 'string' ? it.message : '';
    return unwrap({ name: simpleName(redact(named)), message: redact(message.split('\n', 1)[0] ?? '') });
  } catch {
    return null;
  }
}

/**
 * The class that is meant. Some servers send it as the first word of another's message; and a NameNode that reads a delegation token
 * calls everything a SecurityException, being on standby included.
 */
function unwrap(found: RemoteException): RemoteException {
  const secure = /^Failed to obtain user group information:\s*(.*)$/.exec(found.message)?.[1];
  if (secure === undefined && !WRAPPERS.has(found.name)) return found;
  const text = secure ?? found.message;
  const inner = /^((?:[a-z0-9_]+\.)+[A-Z][\w$]*|[A-Z]\w*Exception)(?::\s*(.*)|\s*)$/.exec(text);
  if (inner?.[1] === undefined) return found;
  const meant = { name: simpleName(inner[1]), message: inner[2] ?? '' };
  if (meant.name === 'InvalidToken' && meant.message.includes('StandbyException')) {
    return { name: 'StandbyException', message: meant.message };
  }
  return WRAPPERS.has(meant.name) ? unwrap(meant) : meant;
}

/** `AccessControlException` of `org.apache.hadoop.security.AccessControlException`. */
function simpleName(name: string): string {
  return name.split(/[.$]/).at(-1) ?? name;
}

export function remedyOf({ name }: RemoteException): Remedy {
  if (AGAIN.has(name)) return 'again';
  return LOOK.has(name) || /^HTTP 5(?!01|05)/.test(name) ? 'look' : 'stop';
}

/** Whether it says that the delegation token is none, or none any more. */
export function isRefusedToken({ name, message }: RemoteException): boolean {
  return name === 'InvalidToken' || /\bSecretManager\$InvalidToken\b/.test(message);
}
