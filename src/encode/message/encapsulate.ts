import type { FlatbufferWriter } from './flatbuffer-writer.ts';

const METADATA_V5 = 4;
const CONTINUATION = 0xffffffff;
const PREFIX = 8;

/** Members of the union `MessageHeader` (Arrow, Message.fbs). */
export const MESSAGE_HEADER = { schema: 1, recordBatch: 3 } as const;

export interface MessageParts {
  /** Member of `MESSAGE_HEADER`. */
  readonly type: number;
  /** Its table, as `writer` answered it. */
  readonly header: number;
  /** Bytes that follow the metadata; a multiple of 8. */
  readonly bodyBytes: number;
}

/**
 * The metadata of an encapsulated message: continuation marker, length, `Message` of version 5, padded to a multiple of 8 (Arrow columnar
 * format 1.5, "Encapsulated message format"). Its body follows.
 */
export function encapsulate(
  writer: FlatbufferWriter,
  { type, header, bodyBytes }: MessageParts,
): Uint8Array<ArrayBuffer> {
  const message = writer.finish(
    writer.table([
      [0, 'i16', METADATA_V5],
      [1, 'bool', type],
      [2, 'offset', header],
      [3, 'i64', bodyBytes],
    ]),
  );
  const bytes = new Uint8Array(PREFIX + message.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CONTINUATION, true);
  view.setUint32(4, message.byteLength, true);
  bytes.set(message, PREFIX);
  return bytes;
}
