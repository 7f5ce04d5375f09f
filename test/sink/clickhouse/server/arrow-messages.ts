import { Int64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';

/** Messages of an Arrow stream of `a: Int64, b: Utf8`: schema, a batch for each list of numbers, end marker. Written by apache-arrow. */
export function arrowMessages(...batches: readonly (readonly number[])[]): readonly Uint8Array[] {
  const streams = (batches.length === 0 ? [[]] : batches).map((numbers) =>
    messagesOf(
      tableToIPC(
        new Table({
          a: vectorFromArray(
            numbers.map((number) => BigInt(number)),
            new Int64(),
          ),
          b: vectorFromArray(
            numbers.map((number) => `row ${number}`),
            new Utf8(),
          ),
        }),
        'stream',
      ),
    ),
  );
  const [schema, , end] = streams[0] as [Uint8Array, Uint8Array, Uint8Array];
  return [schema, ...streams.map((messages) => messages[1] as Uint8Array), end];
}

/** Cuts a stream between its messages (Arrow columnar format, "Encapsulated message format"). */
function messagesOf(stream: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  const messages: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = view.getInt32(at + 4, true);
    const end = length === 0 ? at + 8 : at + 8 + length + bodyLength(view, at + 8);
    messages.push(stream.slice(at, end));
    at = end;
  }
  return messages;
}

/** The fourth field of the flatbuffer `Message`. */
function bodyLength(view: DataView, at: number): number {
  const root = at + view.getInt32(at, true);
  const table = root - view.getInt32(root, true);
  const slot = view.getUint16(table, true) > 10 ? view.getUint16(table + 10, true) : 0;
  return slot === 0 ? 0 : Number(view.getBigInt64(root + slot, true));
}
