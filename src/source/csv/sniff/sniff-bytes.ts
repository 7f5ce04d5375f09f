import { isAscii, isUtf8 } from 'node:buffer';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { FileFeed } from '../../feed/file-feed.ts';
import { InflatedFeed } from '../../feed/inflated-feed.ts';
import { type InputCompression, MAGIC_BYTES, sniffCompression } from '../../feed/sniff-compression.ts';
import type { InputAccess } from '../../input.ts';
import { openInput } from '../../open-input.ts';

/** What the bytes of a whole file tell, read once. */
export interface ByteFacts {
  readonly compression: InputCompression;
  /** As stored, and as read. */
  readonly stored: number;
  readonly bytes: number;
  /** The start of it, decompressed. */
  readonly head: Uint8Array;
  readonly ascii: boolean;
  /** NUL bytes at even and odd positions of the head, and anywhere. */
  readonly evenNuls: number;
  readonly oddNuls: number;
  readonly nuls: boolean;
  /** Sequences of more than one byte that are valid UTF-8, and bytes that are not: counted in the parts that are not valid. */
  readonly sequences: number;
  readonly invalid: number;
  /** How often each byte stands in the parts that are not valid UTF-8. */
  readonly histogram: Float64Array;
  /** Stretches of text around bytes above 127, with line ends between them. */
  readonly foreign: Uint8Array;
}

const CHUNK = 1 << 20;
/** Bytes of the head that a dialect is looked for in. */
const HEAD = 1 << 20;
/** Most bytes that are kept of text around bytes above 127. */
const FOREIGN = 1 << 18;
/** Bytes kept around each. */
const AROUND = 24;
/** Bytes kept of one line from there on. */
const LONGEST = 4096;
/** What a default source lets an archive inflate to. */
const LIMITS = { maxInflatedBytes: 2 ** 40, maxInflationRatio: 200 };

/** The decompressed bytes of a regular file from its start. Fails with ATLAS_INPUT_*. */
export async function openWhole(
  path: string,
  said: InputCompression | undefined,
  access: InputAccess,
): Promise<{ readonly feed: ByteFeed; readonly stored: number; readonly compression: InputCompression }> {
  const file = await openInput(path, null, access);
  try {
    file.readsTo(file.bytes);
    const magic = new Uint8Array(MAGIC_BYTES);
    const compression = said ?? sniffCompression(magic.subarray(0, await file.read(magic, 0)));
    const raw = new FileFeed(file, 0);
    const feed = compression === 'none' ? raw : await InflatedFeed.open(compression, raw, path, LIMITS, access.signal);
    return { feed, stored: file.bytes, compression };
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

/** Reads a file to its end and counts what tells its encoding. Memory does not grow with it. */
export async function countBytes(
  path: string,
  said: InputCompression | undefined,
  access: InputAccess,
): Promise<ByteFacts> {
  const { feed: open, stored, compression } = await openWhole(path, said, access);
  await using feed = open;
  const histogram = new Float64Array(256);
  const foreign = new Uint8Array(FOREIGN);
  const buffer = new Uint8Array(CHUNK + 4);
  let head: Uint8Array = new Uint8Array(0);
  let [bytes, kept, sequences, invalid, carried] = [0, 0, 0, 0, 0];
  let [ascii, nuls] = [true, false];
  for (;;) {
    access.signal.throwIfAborted();
    const count = await feed.fill(buffer.subarray(carried, carried + CHUNK));
    const chunk = buffer.subarray(0, carried + count);
    bytes += count;
    if (head.length < HEAD && count > 0) head = joined(head, chunk.subarray(carried, carried + HEAD - head.length));
    const last = count < CHUNK;
    const end = last ? chunk.length : wholeEnd(chunk);
    const part = chunk.subarray(0, end);
    nuls ||= part.includes(0);
    if (!isAscii(part)) {
      ascii = false;
      if (!isUtf8(part)) {
        const found = countSequences(part, histogram);
        sequences += found.sequences;
        invalid += found.invalid;
      } else sequences += 1;
      if (kept < FOREIGN) kept = keepForeign(part, foreign, kept);
    }
    carried = chunk.length - end;
    buffer.copyWithin(0, end, chunk.length);
    if (last) break;
  }
  let [evenNuls, oddNuls] = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0 && at % 2 === 0) evenNuls += 1;
    else if (byte === 0) oddNuls += 1;
  });
  const facts = { ascii, nuls, evenNuls, oddNuls, sequences, invalid, histogram };
  return { compression, stored, bytes, head, ...facts, foreign: foreign.slice(0, kept) };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Where the last whole UTF-8 sequence of a chunk ends: at most three bytes before its end. */
function wholeEnd(chunk: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= chunk.length; back += 1) {
    const byte = chunk[chunk.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? chunk.length - back : chunk.length;
    }
  }
  return chunk.length;
}

function countSequences(part: Uint8Array, histogram: Float64Array): { sequences: number; invalid: number } {
  let [sequences, invalid] = [0, 0];
  for (let at = 0; at < part.length; at += 1) {
    const byte = part[at] as number;
    histogram[byte] = (histogram[byte] as number) + 1;
    if (byte < 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 0;
    if (length > 0 && isUtf8(part.subarray(at, at + length))) {
      sequences += 1;
      for (let more = 1; more < length; more += 1)
        histogram[part[at + more] as number] = (histogram[part[at + more] as number] as number) + 1;
      at += length - 1;
    } else invalid += 1;
  }
  return { sequences, invalid };
}

/** Copies the lines, or parts of them, that hold bytes above 127. */
function keepForeign(part: Uint8Array, foreign: Uint8Array, kept: number): number {
  let [to, done] = [kept, 0];
  for (let at = 0; at < part.length; at += 1) {
    if ((part[at] as number) < 0x80 || at < done) continue;
    let from = at;
    while (from > done && at - from < AROUND && part[from - 1] !== 10) from -= 1;
    let end = at;
    while (end < part.length && end - at < LONGEST && part[end] !== 10 && part[end] !== 13) end += 1;
    if (to + end - from + 1 > foreign.length) return to;
    foreign.set(part.subarray(from, end), to);
    to += end - from;
    foreign[to] = 10;
    to += 1;
    done = end;
    at = end;
  }
  return to;
}
