import type { Leaf } from '../schema/schema-node.ts';
import { decodeValues, ENCODING } from './decode-values.ts';
import type { Decompress } from './decompress.ts';
import { decodeHybrid } from './hybrid.ts';
import type { PageHeader } from './page-header.ts';
import type { Page, Values } from './values.ts';

/** Bits of a level. */
const bitsOf = (most: number): number => 32 - Math.clz32(most);

/** Decodes a data page of version 1 or 2 as stored. Throws a plain Error where it contradicts its header. */
export function decodePage(
  stored: Uint8Array,
  header: PageHeader,
  leaf: Leaf,
  dictionary: Values | null,
  decompress: Decompress,
): Page {
  const { body, from, levels } =
    header.kind === 'dataV2'
      ? splitSecond(stored, header, leaf, decompress)
      : splitFirst(stored, header, leaf, decompress);
  const { values: entries } = header;
  const { definitions, repetitions } = levels;
  let count = entries;
  if (definitions !== null) {
    count = countOf(definitions, leaf.definitions);
  }
  if (repetitions !== null) {
    // how many rows the header of a page counts is not believed: some writers count values; the row group's own count is held against all
    for (const level of repetitions) {
      if (level > leaf.repetitions) throw new Error(`a repetition level is ${level}, ${leaf.repetitions} is possible`);
    }
  }
  const values = decodeValues(body, from, count, header.encoding, leaf, dictionary);
  return { entries, definitions, repetitions, values };
}

/** Levels that are the greatest. */
function countOf(levels: Uint8Array, most: number): number {
  let count = 0;
  for (let index = 0; index < levels.length; index += 1) {
    const level = levels[index] as number;
    if (level === most) count += 1;
    else if (level > most) throw new Error(`a definition level is ${level}, ${most} is possible`);
  }
  return count;
}

interface Split {
  readonly body: Uint8Array;
  /** Where values begin. */
  readonly from: number;
  readonly levels: { readonly definitions: Uint8Array | null; readonly repetitions: Uint8Array | null };
}

/** Version 1: levels, each with its length in front, are compressed with the values. */
function splitFirst(stored: Uint8Array, header: PageHeader, leaf: Leaf, decompress: Decompress): Split {
  const body = decompress(stored, header.decompressed);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let from = 0;
  const read = (most: number, encoding: number): Uint8Array | null => {
    if (most === 0) return null;
    if (encoding !== ENCODING.rle) throw new Error(`encoding ${encoding} of levels`);
    if (from + 4 > body.length) throw new Error('a page ends before its levels');
    const length = view.getUint32(from, true);
    const end = from + 4 + length;
    if (end > body.length) throw new Error(`levels of ${length} bytes in a page of ${body.length}`);
    const out = new Uint8Array(header.values);
    decodeHybrid(body, from + 4, end, bitsOf(most), out);
    from = end;
    return out;
  };
  const repetitions = read(leaf.repetitions, header.repetitionEncoding);
  const definitions = read(leaf.definitions, header.definitionEncoding);
  return { body, from, levels: { definitions, repetitions } };
}

/** Version 2: levels stand in front of the values, never compressed. */
function splitSecond(stored: Uint8Array, header: PageHeader, leaf: Leaf, decompress: Decompress): Split {
  const { repetitionBytes, definitionBytes, values, nulls, isCompressed } = header;
  const from = repetitionBytes + definitionBytes;
  if (from > stored.length || from > header.decompressed) {
    throw new Error(`levels of ${from} bytes in a page of ${stored.length}`);
  }
  const read = (start: number, end: number, most: number): Uint8Array | null => {
    if (most === 0) return null;
    const out = new Uint8Array(values);
    decodeHybrid(stored, start, end, bitsOf(most), out);
    return out;
  };
  const repetitions = read(0, repetitionBytes, leaf.repetitions);
  const definitions = read(repetitionBytes, from, leaf.definitions);
  const missing = definitions === null ? 0 : values - countOf(definitions, leaf.definitions);
  if (missing !== nulls) throw new Error(`a page holds ${missing} nulls, its header says ${nulls}`);
  const rest = stored.subarray(from);
  const length = header.decompressed - from;
  // a page without a value may have nothing that could be decompressed
  const body = isCompressed && !(rest.length === 0 && length === 0) ? decompress(rest, length) : rest;
  if (body.length !== length) throw new Error(`a page has ${body.length} bytes of values, its header says ${length}`);
  return { body, from: 0, levels: { definitions, repetitions } };
}
