import type { Kernel } from '../../kernel/kernel.ts';
import { encapsulate, MESSAGE_HEADER } from '../message/encapsulate.ts';
import { FlatbufferWriter } from '../message/flatbuffer-writer.ts';
import type { BufferCodec } from './buffer-codec.ts';
import type { StagedBuffer } from './column-stage.ts';

/** A column of a message: how many rows have no value, and its buffers. */
export interface MessageColumn {
  readonly nulls: number;
  readonly buffers: readonly StagedBuffer[];
}

export interface MessageOptions {
  readonly kernel: Kernel;
  /** null = buffers lie as they are. */
  readonly codec: BufferCodec | null;
  /** Room in kernel memory for the longest buffer; asked for where there is a codec. */
  readonly scratch: number;
}

/** Stands before a compressed buffer: how long it is uncompressed, or −1 where it is not compressed. */
const LENGTH_BYTES = 8;

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Rows as one encapsulated RecordBatch message (Arrow columnar format 1.5, "RecordBatch message"), a multiple of 8 bytes long. */
export function recordBatchMessage(
  rows: number,
  columns: readonly MessageColumn[],
  options: MessageOptions,
): Uint8Array<ArrayBuffer> {
  const buffers = columns.flatMap((column) => column.buffers);
  return options.codec === null
    ? plainMessage(rows, columns, buffers, options.kernel)
    : compressedMessage(rows, columns, buffers, { ...options, codec: options.codec });
}

/** The metadata, where each buffer has so many bytes and begins at a multiple of 8. */
function metadataOf(
  rows: number,
  columns: readonly MessageColumn[],
  sizes: readonly number[],
  codec: BufferCodec | null,
): Uint8Array<ArrayBuffer> {
  const writer = new FlatbufferWriter();
  let bodyBytes = 0;
  const places = sizes.map((size): readonly [number, number] => {
    const at = bodyBytes;
    bodyBytes += padded(size);
    return [at, size];
  });
  const nodes = writer.pairs(columns.map(({ nulls }) => [rows, nulls]));
  const buffers = writer.pairs(places);
  const compression = codec === null ? null : writer.table([[0, 'bool', codec.id]]);
  const header = writer.table([
    [0, 'i64', rows],
    [1, 'offset', nodes],
    [2, 'offset', buffers],
    ...(compression === null ? [] : [[3, 'offset', compression] as const]),
  ]);
  return encapsulate(writer, { type: MESSAGE_HEADER.recordBatch, header, bodyBytes });
}

function plainMessage(
  rows: number,
  columns: readonly MessageColumn[],
  buffers: readonly StagedBuffer[],
  kernel: Kernel,
): Uint8Array<ArrayBuffer> {
  const sizes = buffers.map(({ bytes }) => bytes);
  const metadata = metadataOf(rows, columns, sizes, null);
  // Not filled with zeroes, which costs as much as a copy: every byte is written below.
  const { buffer: memory } = Buffer.allocUnsafeSlow(
    sizes.reduce((sum, size) => sum + padded(size), metadata.byteLength),
  );
  const message = new Uint8Array(memory);
  message.set(metadata);
  let at = metadata.byteLength;
  for (const buffer of buffers) {
    const end = at + buffer.bytes;
    place(buffer, kernel, message, at);
    at += padded(buffer.bytes);
    message.fill(0, end, at);
  }
  return message;
}

function compressedMessage(
  rows: number,
  columns: readonly MessageColumn[],
  buffers: readonly StagedBuffer[],
  { kernel, codec, scratch }: MessageOptions & { readonly codec: BufferCodec },
): Uint8Array<ArrayBuffer> {
  // At most as long as it is without: what does not shrink is stored.
  const room = new Uint8Array(buffers.reduce((sum, { bytes }) => sum + padded(bytes + LENGTH_BYTES), 0));
  const view = new DataView(room.buffer);
  let end = 0;
  const sizes = buffers.map((buffer) => {
    if (buffer.bytes === 0) return 0;
    const at = end;
    place(buffer, kernel, kernel.bytes, scratch);
    const compressed = codec.compress(scratch, buffer.bytes);
    const shrinks = compressed.byteLength < buffer.bytes;
    const stored = shrinks ? compressed : kernel.bytes.subarray(scratch, scratch + buffer.bytes);
    view.setBigInt64(at, shrinks ? BigInt(buffer.bytes) : -1n, true);
    room.set(stored, at + LENGTH_BYTES);
    const size = LENGTH_BYTES + stored.byteLength;
    end += padded(size);
    return size;
  });
  const metadata = metadataOf(rows, columns, sizes, codec);
  const message = new Uint8Array(metadata.byteLength + end);
  message.set(metadata);
  message.set(room.subarray(0, end), metadata.byteLength);
  return message;
}

/** Copies a buffer's pieces to `at`, one behind the other. */
function place({ pieces, bytes, lastBits }: StagedBuffer, kernel: Kernel, to: Uint8Array, at: number): void {
  let next = at;
  for (let piece = 0; piece < pieces.length; piece += 2) {
    const address = pieces[piece]!;
    const length = pieces[piece + 1]!;
    to.set(kernel.bytes.subarray(address, address + length), next);
    next += length;
  }
  if (lastBits > 0) to[at + bytes - 1]! &= (1 << lastBits) - 1;
}
