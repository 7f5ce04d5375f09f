import { type Bounds, compareBounds, storeBounds } from './bounds.ts';
import { BOUNDARY_ORDER } from './format.ts';
import { THRIFT, ThriftWriter } from './thrift-writer.ts';

/** One data page as the column index sees it. */
export interface IndexedPage {
  readonly rows: number;
  readonly nulls: number;
  readonly bounds: Bounds | null;
}

function boundaryOrder(pages: readonly Bounds[], kernelType: number): number {
  let ascending = true;
  let descending = true;
  for (const [index, page] of pages.entries()) {
    const before = pages[index - 1];
    if (before === undefined) continue;
    const low = compareBounds(before, page, 'min', kernelType);
    const high = compareBounds(before, page, 'max', kernelType);
    if (low > 0 || high > 0) ascending = false;
    if (low < 0 || high < 0) descending = false;
  }
  return ascending ? BOUNDARY_ORDER.ascending : descending ? BOUNDARY_ORDER.descending : BOUNDARY_ORDER.unordered;
}

/**
 * Encodes a chunk's `ColumnIndex` (Parquet, PageIndex.md), or answers null where a page has values but no bounds: all of
 * them NaN, or too long for any short upper bound.
 */
export function encodeColumnIndex(pages: readonly IndexedPage[], kernelType: number, text: boolean): Uint8Array | null {
  const empty = new Uint8Array(0);
  const min: Uint8Array[] = [];
  const max: Uint8Array[] = [];
  const bounded: Bounds[] = [];
  for (const page of pages) {
    if (page.nulls === page.rows) {
      min.push(empty);
      max.push(empty);
      continue;
    }
    if (page.bounds === null) return null;
    const stored = storeBounds(page.bounds, kernelType, text);
    if (stored.max === null) return null;
    bounded.push(page.bounds);
    min.push(stored.min);
    max.push(stored.max);
  }
  const writer = new ThriftWriter();
  writer.begin();
  writer.list(1, THRIFT.boolean, pages.length);
  for (const page of pages) writer.bareBoolean(page.nulls === page.rows);
  writer.list(2, THRIFT.binary, pages.length);
  for (const value of min) writer.bareBinary(value);
  writer.list(3, THRIFT.binary, pages.length);
  for (const value of max) writer.bareBinary(value);
  writer.i32(4, boundaryOrder(bounded, kernelType));
  writer.list(5, THRIFT.i64, pages.length);
  for (const page of pages) writer.bareI64(page.nulls);
  writer.end();
  return writer.finish();
}
