import { readFileSync } from 'node:fs';

/** Processes that a process has started itself and that live: Linux only, none elsewhere. */
export function childPids(pid: number): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
