import { AtlasError, type Problem } from '../../errors.ts';
import type { Abortable } from '../../flow/source.ts';
import { isRemote } from '../../store/path.ts';
import { AT_ONCE } from '../open-input.ts';
import { settleInOrder } from '../settle-in-order.ts';

/** Files whose problems are told at once. */
export const PROBLEM_FILES = 20;

/** What was found in files, and what is wrong with others. */
export interface Looks<Found> {
  readonly findings: readonly Found[];
  /** By the number of the file; of the first twenty at most. */
  readonly errors: ReadonlyMap<number, AtlasError>;
  readonly notes: readonly string[];
}

/** Looks at files in order, at several at once where they are not on a local disk; each file once, whatever its names. */
export async function lookAtFiles<Found extends { readonly inode: string }>(
  paths: readonly string[],
  look: (path: string) => Promise<Found>,
  { signal }: Abortable,
): Promise<Looks<Found>> {
  const findings: Found[] = [];
  const errors = new Map<number, AtlasError>();
  const notes: string[] = [];
  const seen = new Map<string, string>();
  const atOnce = paths.some(isRemote) ? AT_ONCE : 1;
  let index = 0;
  for await (const outcome of settleInOrder(paths, atOnce, look)) {
    signal.throwIfAborted();
    const path = paths[index] as string;
    if (outcome.status === 'fulfilled') {
      const found = outcome.value;
      const other = seen.get(found.inode);
      if (other === undefined) findings.push(found);
      else notes.push(`${path} is the same file as ${other}, and is read once`);
      seen.set(found.inode, other ?? path);
    } else {
      if (!(outcome.reason instanceof AtlasError)) throw outcome.reason;
      errors.set(index, outcome.reason);
      if (errors.size === PROBLEM_FILES) break;
    }
    index += 1;
  }
  return { findings, errors, notes };
}

/** Fails with what is wrong with files, all of it at once. */
export function refuseFiles(errors: readonly AtlasError[], files: number): void {
  const [first] = errors;
  if (!first) return;
  if (errors.length === 1) throw first;
  const problems = errors.flatMap((error): readonly Problem[] =>
    error.problems.length > 0
      ? error.problems
      : [{ code: error.code, message: error.message, place: error.place, hint: error.hint }],
  );
  throw new AtlasError(
    first.code,
    `${errors.length} of ${files} files cannot be read${errors.length === PROBLEM_FILES ? ' (more were not looked at)' : ''}: ${first.message}`,
    { cause: first, place: first.place, hint: first.hint, problems },
  );
}
