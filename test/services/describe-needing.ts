import { describe } from 'vitest';
import { onPath } from './on-path.ts';

/** Tests that need programs; skipped, with the reason in their name, where one is missing. What fails to start is a failure, never a skip. */
export function describeNeeding(programs: readonly string[], name: string, body: () => void): void {
  const missing = programs.filter((program) => !onPath(program));
  if (missing.length === 0) describe(name, body);
  else describe.skip(`${name} (needs ${missing.join(' and ')} on the PATH)`, body);
}
