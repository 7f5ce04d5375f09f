import { spawnSync } from 'node:child_process';

/** What happens to a process at one of its system calls. */
export interface Injection {
  readonly syscall: string;
  /** The n-th such call of a thread, 1-based. */
  readonly when: number;
  /** `kill` ends the process there; an error is what the call answers without being made. */
  readonly what: 'kill' | 'EIO' | 'ENOSPC';
  /** From then on always, not only then. */
  readonly forever: boolean;
}

/** One call of a trace. */
export interface Call {
  readonly thread: string;
  readonly syscall: string;
  readonly line: string;
  readonly injected: boolean;
}

/** Why strace cannot be used here, or null where it can. */
export function straceMissing(): string | null {
  const found = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']);
  if (found.error) return 'strace is not installed';
  return found.status === 0 ? null : `strace may not trace here: ${String(found.stderr).trim()}`;
}

/** The words before a command that trace these calls into `log`, and injure one of them. */
export function straceWords(syscalls: readonly string[], log: string, injection: Injection | null): readonly string[] {
  const words = ['strace', '-f', '-y', '-qq', '-s', '0', '-o', log, '-e', `trace=${syscalls.join()}`];
  if (injection === null) return words;
  const { syscall, what, when, forever } = injection;
  const effect = what === 'kill' ? 'signal=KILL' : `error=${what}`;
  return [...words, '-e', `inject=${syscall}:${effect}:when=${when}${forever ? '+' : ''}`];
}

/** The calls of a log, in order. */
export function parseTrace(log: string): readonly Call[] {
  const calls: Call[] = [];
  for (const line of log.split('\n')) {
    const found = /^(\d+) +([a-z0-9_]+)\(/.exec(line);
    if (found) calls.push({ thread: found[1]!, syscall: found[2]!, line, injected: line.includes('(INJECTED)') });
  }
  return calls;
}

/** Names of an injection, for people. */
export function describeInjection({ syscall, when, what, forever }: Injection): string {
  return `${what} at ${syscall} #${when}${forever ? ' and ever after' : ''}`;
}
