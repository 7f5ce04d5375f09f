import type { AtlasError } from '../../errors.ts';
import type { Receipt } from '../../flow/receipt.ts';

/** What became of one file: the receipt of its load, or why there was none. */
export interface RecordsResult {
  /** As the file is called. */
  readonly file: string;
  /** As messages call the table. */
  readonly table: string;
  readonly outcome: { readonly receipt: Receipt } | { readonly error: AtlasError };
}
