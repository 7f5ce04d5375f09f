import { AtlasError } from '../errors.ts';
import type { RowCounts } from '../flow/receipt.ts';
import type { Spans } from '../flow/tally.ts';

/** Everything counted about one dataset, each number from its own counter. */
export interface Account {
  readonly rows: RowCounts;
  /** Rows in the staged artefact, counted again from its own footers. */
  readonly staged: number;
  /** Bytes of all inputs by what they were; null where the source has no bytes (a table). */
  readonly spans: Spans | null;
  /** Bytes the spans must tile (decompressed); null where nobody knows but the spans. */
  readonly bytes: number | null;
  /** Rows by the count of the server that they come from; null or left out where it was not asked. */
  readonly counted?: number | null;
}

/**
 * The balance of invariant 7, struck at `stage`, before anything is published.
 * Fails with ATLAS_ROWS_UNACCOUNTED, naming both sides.
 */
export function account({ rows, staged, spans, bytes, counted = null }: Account): void {
  whole(rows);
  const sum = rows.published + rows.rejected + rows.deduplicated + rows.excluded;
  if (rows.read !== sum) {
    const parts = `${rows.published} published + ${rows.rejected} rejected + ${rows.deduplicated} deduplicated + ${rows.excluded} excluded`;
    throw unaccounted(`${rows.read} rows were read, but ${parts} are ${sum}`);
  }
  if (staged !== rows.published) {
    throw unaccounted(`${rows.published} rows were to be published, but the staged files hold ${staged}`);
  }
  if (counted !== null && rows.read !== counted) {
    throw unaccounted(`${rows.read} rows were read, but the server counts ${counted} in the same snapshot`);
  }
  if (spans === null && bytes === null) return;
  whole(spans ?? {});
  const tiled =
    spans === null ? 0 : spans.header + spans.skipped + spans.blank + spans.comment + spans.row + spans.reject;
  if (bytes !== null && tiled !== bytes) throw unaccounted(`${bytes} bytes were read, but the spans cover ${tiled}`);
}

function whole(counts: object): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 0) throw unaccounted(`the counter of ${name} stands at ${count}`);
  }
}

function unaccounted(message: string): AtlasError {
  return new AtlasError('ATLAS_ROWS_UNACCOUNTED', message);
}
