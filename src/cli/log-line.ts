import type { Io } from './io.ts';
import { snakeKeys } from './snake-keys.ts';

/** One line of `--log json`: when, and what. */
export function logLine(event: object, io: Pick<Io, 'now'>): string {
  return `${JSON.stringify({ time: new Date(io.now()).toISOString(), ...(snakeKeys(event) as object) })}\n`;
}
