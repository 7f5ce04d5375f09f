/** What goes wrong, once the server has done what it was asked. */
export const AFTERWARDS = [
  'drop-answer',
  'reset-answer',
  'error-500',
  'error-503',
  'truncated',
  'nonsense',
  'slow-loris',
  'false-though-done',
] as const;

/** What goes wrong before the server hears of it; `late` = it hears of it when its client has given up. */
export const INSTEAD = [
  'reset-request',
  'late',
  'refuse-500',
  'refuse-503',
  'early-503',
  'false',
  'standby',
  'retriable',
  'wrapped-safe-mode',
  'safe-mode',
  'denied',
  'not-found-page',
  'foreign-redirect',
  'loop-redirect',
] as const;

export type FaultKind = (typeof AFTERWARDS)[number] | (typeof INSTEAD)[number];

/** One fault: at the `at`th request of a step (from 0 on), and at so many after it. */
export interface Fault {
  readonly step: string;
  readonly at: number;
  readonly times: number;
  readonly kind: FaultKind;
}

/** What a proxy saw of one request. */
export interface Seen {
  readonly step: string;
  readonly path: string;
  readonly fault: FaultKind | null;
}

const TWO_STEPS: ReadonlySet<string> = new Set(['CREATE', 'APPEND', 'OPEN', 'GETFILECHECKSUM']);

/** The step that a request is: its operation, and which half of it where a DataNode does the second. */
export function stepOf(query: URLSearchParams, isDataNode: boolean): string {
  const op = query.get('op') ?? '';
  if (TWO_STEPS.has(op)) return `${op} ${isDataNode ? 2 : 1}`;
  return op === 'RENAME' && query.has('renameoptions') ? 'RENAME over' : op;
}

const EXCEPTIONS: Readonly<Partial<Record<FaultKind, readonly [string, string, string]>>> = {
  standby: [
    'StandbyException',
    'org.apache.hadoop.ipc.StandbyException',
    'Operation category READ is not supported in state standby',
  ],
  retriable: ['RetriableException', 'org.apache.hadoop.ipc.RetriableException', 'NameNode still not started'],
  'safe-mode': [
    'SafeModeException',
    'org.apache.hadoop.hdfs.server.namenode.SafeModeException',
    'Name node is in safe mode.',
  ],
  'wrapped-safe-mode': [
    'RetriableException',
    'org.apache.hadoop.ipc.RetriableException',
    'org.apache.hadoop.hdfs.server.namenode.SafeModeException: Name node is in safe mode.',
  ],
  denied: [
    'AccessControlException',
    'org.apache.hadoop.security.AccessControlException',
    'Permission denied: user=etl, access=WRITE, inode="/":hdfs:supergroup:drwxr-xr-x',
  ],
};

/** The body of a refusal as WebHDFS writes it, or null where the fault is none. */
export function exceptionOf(kind: FaultKind): string | null {
  const [exception, javaClassName, message] = EXCEPTIONS[kind] ?? [];
  if (exception === undefined) return null;
  return JSON.stringify({
    RemoteException: { exception, javaClassName, message: `${message}\n\tat a.line(of.java:1)` },
  });
}
