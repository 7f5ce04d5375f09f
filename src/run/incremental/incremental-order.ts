/**
 * How a run of incremental datasets begins, where that is not at the watermark. `since`: above a value (`start`: at the first row), where
 * the ledger knows no watermark. `full_refresh`: at the first row, in the place of everything at the target. `chunk`: from a value
 * (inclusive) to another one (exclusive), `after`: what this backfill has gone through before it, from there to `from`.
 */
export type IncrementalOrder =
  | { readonly kind: 'since'; readonly value: string }
  | { readonly kind: 'full_refresh' }
  | { readonly kind: 'chunk'; readonly from: string; readonly to: string; readonly after: string };
