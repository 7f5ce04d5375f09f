import type { AtlasError } from '../../errors.ts';

/** The exit code that failures stand for, the worst first: 2, 4, 75, then whatever the first of them says; 0 where there are none. */
export function exitOfFailures(errors: readonly AtlasError[]): number {
  const exits = errors.map(({ exit }) => exit);
  return [2, 4, 75].find((exit) => exits.includes(exit)) ?? exits[0] ?? 0;
}
