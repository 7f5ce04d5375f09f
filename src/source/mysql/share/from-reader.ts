import type { MysqlSlice } from '../mysql-slice.ts';

/** From a thread that reads to the one that holds the connections; `turn` numbers what it opens. */
export type FromReader = { readonly turn: number } & (
  | { readonly type: 'open'; readonly slice: MysqlSlice }
  | { readonly type: 'taken'; readonly bytes: number }
  | { readonly type: 'leave' }
);
