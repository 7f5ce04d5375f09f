import { redact } from './redact.ts';

/** What a NameNode or DataNode says went wrong. */
export interface RemoteException {
  /** Class name without its package (`StandbyException`). */
  readonly name: string;
  readonly message: string;
}

/** What is to be done about it: the class decides, never the status code, which is 403 for three of these. */
export type Remedy =
  /** Ask the next NameNode. */
  | 'next'
  /** Wait, ask again: safe mode, a retriable refusal, a block that is not there yet. */
  | 'wait'
  /** It will not change by asking again. */
  | 'stop';

const NEXT: ReadonlySet<string> = new Set(['StandbyException', 'ObserverRetryOnActiveException']);
const WAIT: ReadonlySet<string> = new Set([
  'RetriableException',
  'SafeModeException',
  'ServerNotYetActiveException',
  'NotReplicatedYetException',
  'ReplicaNotFoundException',
  'RecoveryInProgressException',
  'UnresolvedUserException',
]);

/** Reads the body of an answer; null where it holds no RemoteException. */
export function parseRemoteException(body: string): RemoteException | null {
  try {
    const { RemoteException: it } = JSON.parse(body) as {
      RemoteException?: { exception?: unknown; message?: unknown };
    };
    if (typeof it?.exception !== 'string') return null;
    const message = typeof it.message === 'string' ? it.message : '';
    return unwrap({ name: redact(it.exception), message: redact(message.split('\n', 1)[0] ?? '') });
  } catch {
    return null;
  }
}

/** Some servers send the class they mean as the first word of another's message. */
function unwrap(found: RemoteException): RemoteException {
  if (found.name !== 'RemoteException' && found.name !== 'IOException' && found.name !== 'RetriableException')
    return found;
  const inner = /^(?:[a-z0-9_]+\.)+([A-Z]\w*Exception)\b:?\s*(.*)$/.exec(found.message);
  if (inner === null || inner[1] === undefined) return found;
  return { name: inner[1], message: inner[2] ?? '' };
}

export function remedyOf({ name }: RemoteException): Remedy {
  if (NEXT.has(name)) return 'next';
  return WAIT.has(name) ? 'wait' : 'stop';
}

/** Whether it says that the delegation token is none, or none any more. */
export function isRefusedToken({ name, message }: RemoteException): boolean {
  return name === 'InvalidToken' || /\bSecretManager\$InvalidToken\b/.test(message);
}
