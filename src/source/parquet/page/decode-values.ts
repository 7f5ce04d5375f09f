import type { Leaf } from '../schema/schema-node.ts';
import { decodeDelta, type Place } from './delta.ts';
import { decodeHybrid } from './hybrid.ts';
import type { FixedValues, TextValues, Values } from './values.ts';

/** `Encoding` of parquet.thrift. */
export const ENCODING = {
  plain: 0,
  plainDictionary: 2,
  rle: 3,
  bitPacked: 4,
  deltaBinaryPacked: 5,
  deltaLengthByteArray: 6,
  deltaByteArray: 7,
  rleDictionary: 8,
  byteStreamSplit: 9,
} as const;

/**
 * Decodes `count` values of a column that stand from `from` to the end of `bytes`. Throws a plain Error where they do not; where the
 * encoding is none that the type has, one that begins with `encoding`.
 */
export function decodeValues(
  bytes: Uint8Array,
  from: number,
  count: number,
  encoding: number,
  leaf: Leaf,
  dictionary: Values | null,
): Values {
  const { physical, width } = leaf;
  const fixed = (data: Uint8Array): FixedValues => ({ kind: 'fixed', width, count, bytes: data });
  switch (encoding) {
    case ENCODING.plain:
      return decodePlain(bytes, from, count, leaf);
    case ENCODING.plainDictionary:
    case ENCODING.rleDictionary:
      if (dictionary === null) throw new Error('values point into a dictionary that is not there');
      return lookUp(bytes, from, count, dictionary);
    case ENCODING.rle:
      if (physical === 'BOOLEAN') return fixed(decodeRleBooleans(bytes, from, count));
      break;
    case ENCODING.deltaBinaryPacked:
      if (physical === 'INT32' || physical === 'INT64') {
        return fixed(decodeDelta(bytes, { at: from }, bytes.length, count, physical === 'INT32' ? 4 : 8));
      }
      break;
    case ENCODING.deltaLengthByteArray:
      if (physical === 'BYTE_ARRAY') return decodeDeltaLength(bytes, from, count);
      break;
    case ENCODING.deltaByteArray:
      if (physical === 'BYTE_ARRAY') return decodeDeltaBytes(bytes, from, count);
      if (physical === 'FIXED_LEN_BYTE_ARRAY') return fixed(together(decodeDeltaBytes(bytes, from, count), width));
      break;
    case ENCODING.byteStreamSplit:
      if (width > 1 && physical !== 'INT96') return fixed(joinStreams(bytes, from, count, width));
      break;
    default:
  }
  throw new Error(`encoding ${encoding} of a ${physical}`);
}

/** PLAIN values: also those of a dictionary. */
export function decodePlain(bytes: Uint8Array, from: number, count: number, { physical, width }: Leaf): Values {
  if (physical === 'BYTE_ARRAY') return decodePlainTexts(bytes, from, count);
  if (physical === 'BOOLEAN') {
    need(bytes, from, Math.ceil(count / 8));
    const out = new Uint8Array(count);
    for (let index = 0; index < count; index += 1) {
      out[index] = ((bytes[from + (index >> 3)] as number) >> (index & 7)) & 1;
    }
    return { kind: 'fixed', width, count, bytes: out };
  }
  need(bytes, from, count * width);
  return { kind: 'fixed', width, count, bytes: bytes.subarray(from, from + count * width) };
}

function decodePlainTexts(bytes: Uint8Array, from: number, count: number): TextValues {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  let at = from;
  for (let index = 0; index < count; index += 1) {
    if (at + 4 > bytes.length) throw new Error(`texts end after ${index} of ${count}`);
    const length = view.getUint32(at, true);
    at += 4;
    starts[index] = at;
    lengths[index] = length;
    at += length;
    if (at > bytes.length) throw new Error(`text ${index} of ${count} is ${length} bytes long, the page ends before`);
  }
  return { kind: 'text', count, heap: bytes, starts, lengths };
}

function lookUp(bytes: Uint8Array, from: number, count: number, dictionary: Values): Values {
  const indices = new Uint32Array(count);
  if (count > 0) {
    need(bytes, from, 1);
    decodeHybrid(bytes, from + 1, bytes.length, bytes[from] as number, indices);
  }
  const size = dictionary.count;
  for (let index = 0; index < count; index += 1) {
    if ((indices[index] as number) < size) continue;
    throw new Error(`value ${index} is number ${indices[index]} of a dictionary of ${size}`);
  }
  return dictionary.kind === 'text' ? lookUpTexts(indices, dictionary) : lookUpFixed(indices, dictionary);
}

function lookUpTexts(indices: Uint32Array, { heap, starts, lengths }: TextValues): TextValues {
  const count = indices.length;
  const foundStarts = new Uint32Array(count);
  const foundLengths = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) {
    const entry = indices[index] as number;
    foundStarts[index] = starts[entry] as number;
    foundLengths[index] = lengths[entry] as number;
  }
  return { kind: 'text', count, heap, starts: foundStarts, lengths: foundLengths };
}

function lookUpFixed(indices: Uint32Array, { width, bytes }: FixedValues): FixedValues {
  const count = indices.length;
  const out = new Uint8Array(count * width);
  if (width % 4 === 0) {
    const step = width / 4;
    const source = new Uint32Array(bytes.slice().buffer);
    const target = new Uint32Array(out.buffer);
    for (let index = 0; index < count; index += 1) {
      const entry = (indices[index] as number) * step;
      for (let word = 0; word < step; word += 1) target[index * step + word] = source[entry + word] as number;
    }
  } else {
    for (let index = 0; index < count; index += 1) {
      const entry = (indices[index] as number) * width;
      for (let byte = 0; byte < width; byte += 1) out[index * width + byte] = bytes[entry + byte] as number;
    }
  }
  return { kind: 'fixed', width, count, bytes: out };
}

function decodeRleBooleans(bytes: Uint8Array, from: number, count: number): Uint8Array {
  need(bytes, from, 4);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(from, true);
  need(bytes, from + 4, length);
  const out = new Uint8Array(count);
  decodeHybrid(bytes, from + 4, from + 4 + length, 1, out);
  return out;
}

function decodeLengths(bytes: Uint8Array, place: Place, count: number): Int32Array {
  const lengths = new Int32Array(decodeDelta(bytes, place, bytes.length, count, 4).buffer);
  for (const length of lengths) if (length < 0) throw new Error(`a text is ${length} bytes long`);
  return lengths;
}

function decodeDeltaLength(bytes: Uint8Array, from: number, count: number): TextValues {
  const place = { at: from };
  const lengths = decodeLengths(bytes, place, count);
  const starts = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) {
    starts[index] = place.at;
    place.at += lengths[index] as number;
    if (place.at > bytes.length) throw new Error(`texts end after ${index} of ${count}`);
  }
  return { kind: 'text', count, heap: bytes, starts, lengths: new Uint32Array(lengths.buffer) };
}

/** Longest heap of texts that share their beginnings. */
const LONGEST_HEAP = 2 ** 31;

function decodeDeltaBytes(bytes: Uint8Array, from: number, count: number): TextValues {
  const place = { at: from };
  const prefixes = decodeLengths(bytes, place, count);
  const suffixes = decodeDeltaLength(bytes, place.at, count);
  let size = 0;
  for (let index = 0; index < count; index += 1)
    size += (prefixes[index] as number) + (suffixes.lengths[index] as number);
  if (size > LONGEST_HEAP) throw new Error(`the texts of a page have ${size} bytes`);
  const heap = new Uint8Array(size);
  const starts = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  let at = 0;
  let before = 0;
  for (let index = 0; index < count; index += 1) {
    const prefix = prefixes[index] as number;
    const suffix = suffixes.lengths[index] as number;
    if (prefix > (index === 0 ? 0 : (lengths[index - 1] as number))) {
      throw new Error(`text ${index} shares ${prefix} bytes with the one before, which is shorter`);
    }
    heap.copyWithin(at, before, before + prefix);
    const start = suffixes.starts[index] as number;
    heap.set(bytes.subarray(start, start + suffix), at + prefix);
    starts[index] = at;
    lengths[index] = prefix + suffix;
    before = at;
    at += prefix + suffix;
  }
  return { kind: 'text', count, heap, starts, lengths };
}

/** Texts that are all of one length, as values of that width. */
function together({ heap, starts, lengths, count }: TextValues, width: number): Uint8Array {
  for (const length of lengths) {
    if (length !== width) throw new Error(`a value of ${width} bytes is ${length} bytes long`);
  }
  const first = starts[0] ?? 0;
  return heap.subarray(first, first + count * width);
}

function joinStreams(bytes: Uint8Array, from: number, count: number, width: number): Uint8Array {
  need(bytes, from, count * width);
  const out = new Uint8Array(count * width);
  for (let byte = 0; byte < width; byte += 1) {
    const stream = from + byte * count;
    for (let index = 0; index < count; index += 1) out[index * width + byte] = bytes[stream + index] as number;
  }
  return out;
}

function need(bytes: Uint8Array, from: number, count: number): void {
  if (from + count > bytes.length)
    throw new Error(`${count} bytes of values are needed, ${bytes.length - from} are there`);
}
