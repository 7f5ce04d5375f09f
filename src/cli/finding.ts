import type { Stores } from '../registry.ts';

/** What was found about one published file, or table. */
export interface Finding {
  readonly dataset: string;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** null = it is what the receipt says. */
  readonly problem: string | null;
  /** The replay that has gone on with the file since: what it left is what was looked at; null where there is none. */
  readonly replayedBy: string | null;
}

/** What looking needs. */
export interface Look {
  readonly stores: Stores;
  readonly signal: AbortSignal;
}
