import type { RunEvent } from '../flow/run-event.ts';

/** Tells people or machines how a run goes, on standard error. */
export interface Reporter extends Disposable {
  hear(event: RunEvent): void;
}
