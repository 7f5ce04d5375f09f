import type { Ledger } from '../flow/ledger.ts';
import type { Stores } from '../registry.ts';
import type { RunOptions } from './run-options.ts';

/** What the datasets of one run share. */
export interface RunContext {
  readonly run: string;
  /** Microseconds since 1970: the start of the run. */
  readonly loadedAt: bigint;
  /** null where a sample is taken: nothing is remembered. */
  readonly ledger: Ledger | null;
  readonly options: RunOptions;
  readonly stores: Stores;
  /** Worker threads of one dataset. */
  readonly workers: number;
}
