import { type Bounds, mergeBounds, storeBounds } from './bounds.ts';
import type { Chunk, ChunkBuilder } from './chunk-builder.ts';
import { encodeColumnIndex } from './column-index.ts';
import { ENCODING, PAGE } from './format.ts';
import { isText } from './physical-type.ts';
import type { ChunkFacts } from './row-group-facts.ts';

/** Copies a chunk's pages into the row group's bytes at `offset`, and answers the facts that the footer needs. */
export function placeChunk(chunk: Chunk, builder: ChunkBuilder, to: Uint8Array, offset: number): ChunkFacts {
  const { field, physical } = builder;
  const put = (part: { readonly header: Uint8Array; readonly body: Uint8Array }): number => {
    to.set(part.header, at);
    to.set(part.body, at + part.header.byteLength);
    return part.header.byteLength + part.body.byteLength;
  };
  let at = offset;
  let uncompressed = 0;
  const stats = new Map<string, [number, number, number]>();
  if (chunk.dictionary) {
    at += put(chunk.dictionary);
    uncompressed += chunk.dictionary.header.byteLength + chunk.dictionary.uncompressed;
    const plain = chunk.pages.some((page) => page.encoding === ENCODING.plainDictionary);
    stats.set('dictionary', [PAGE.dictionary, plain ? ENCODING.plainDictionary : ENCODING.plain, 1]);
  }
  const dataOffset = at;
  const pages: number[] = [];
  let rows = 0;
  let nulls = 0;
  let bounds: Bounds | null = null;
  for (const page of chunk.pages) {
    const size = put(page);
    pages.push(at, size, rows);
    at += size;
    uncompressed += page.header.byteLength + page.uncompressed;
    rows += page.rows;
    nulls += page.nulls;
    bounds = mergeBounds(bounds, page.bounds, physical.kernel);
    const counted = stats.get(`data ${page.encoding}`);
    if (counted) counted[2] += 1;
    else stats.set(`data ${page.encoding}`, [PAGE.data, page.encoding, 1]);
  }
  const stored = bounds === null ? null : storeBounds(bounds, physical.kernel, isText(field.type));
  const encodings = new Set([...stats.values()].map(([, encoding]) => encoding));
  if (field.nullable) encodings.add(ENCODING.rle);
  return {
    encodings: [...encodings].sort((a, b) => a - b),
    encodingStats: [...stats.values()],
    values: rows,
    uncompressed,
    compressed: at - offset,
    dictionaryOffset: chunk.dictionary ? offset : null,
    dataOffset,
    statistics: {
      nullCount: nulls,
      min: stored?.min ?? null,
      minExact: stored?.minExact ?? false,
      max: stored?.max ?? null,
      maxExact: stored?.maxExact ?? false,
    },
    columnIndex: encodeColumnIndex(chunk.pages, physical.kernel, isText(field.type)),
    pages,
  };
}
