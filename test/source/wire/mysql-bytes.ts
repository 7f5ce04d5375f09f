/** Packets as a MySQL server sends them. */

/** A payload in packets, numbered from `sequence` on. */
export function packets(payload: Uint8Array, sequence: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0, number = sequence; ; number++) {
    const piece = payload.subarray(at, at + 0xff_ffff);
    const head = Buffer.alloc(4);
    head.writeUIntLE(piece.length, 0, 3);
    head[3] = number & 255;
    parts.push(head, Buffer.from(piece));
    at += piece.length;
    if (piece.length < 0xff_ffff) return Buffer.concat(parts);
  }
}

/** How many packets a payload of so many bytes takes. */
export function packetCount(bytes: number): number {
  return Math.floor(bytes / 0xff_ffff) + 1;
}

/** A value with its length before it. */
export function withLength(value: Uint8Array): Buffer {
  const { length } = value;
  const head = length < 251 ? Buffer.from([length]) : Buffer.alloc(length < 65_536 ? 3 : length < 16_777_216 ? 4 : 9);
  if (length >= 251) {
    head[0] = length < 65_536 ? 0xfc : length < 16_777_216 ? 0xfd : 0xfe;
    head.writeUIntLE(length, 1, Math.min(head.length - 1, 6));
  }
  return Buffer.concat([head, value]);
}

/** A row of the binary protocol; the values of numbers bare, others with their length before them. */
export function binaryRow(values: readonly (Uint8Array | null)[]): Buffer {
  const nulls = Buffer.alloc((values.length + 9) >> 3);
  values.forEach((value, index) => {
    if (value === null) nulls[(index + 2) >> 3] = (nulls[(index + 2) >> 3] ?? 0) | (1 << ((index + 2) & 7));
  });
  return Buffer.concat([Buffer.from([0]), nulls, ...values.filter((value) => value !== null)]);
}

/** A whole result: its rows, and the packet that ends it. */
export function resultOf(rows: readonly (readonly (Uint8Array | null)[])[], first = 5): Buffer {
  let sequence = first;
  const parts = rows.map((row) => {
    const payload = binaryRow(row);
    const bytes = packets(payload, sequence);
    sequence += packetCount(payload.length);
    return bytes;
  });
  return Buffer.concat([...parts, packets(END, sequence)]);
}

/** EOF: no warnings, autocommit. */
export const END = Buffer.from([0xfe, 0, 0, 2, 0]);

export function integer(value: bigint, bytes: 1 | 2 | 4 | 8): Buffer {
  const all = Buffer.alloc(8);
  all.writeBigUInt64LE(BigInt.asUintN(64, value));
  return all.subarray(0, bytes);
}

/** A date or timestamp: what is zero at its end left out, as servers do. */
export function stamp(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second, micros]: readonly [number, number, number, number] = [0, 0, 0, 0],
): Buffer {
  const bytes = Buffer.alloc(11);
  bytes.writeUInt16LE(year, 0);
  bytes.set([month, day, hour, minute, second], 2);
  bytes.writeUInt32LE(micros, 7);
  const length = micros > 0 ? 11 : hour + minute + second > 0 ? 7 : year + month + day > 0 ? 4 : 0;
  return bytes.subarray(0, length);
}

/** A time of so many microseconds, which may be below zero and beyond a day. */
export function time(micros: bigint): Buffer {
  if (micros === 0n) return Buffer.alloc(0);
  const all = micros < 0n ? -micros : micros;
  const seconds = Number((all / 1_000_000n) % 86_400n);
  const bytes = Buffer.alloc(12);
  bytes[0] = micros < 0n ? 1 : 0;
  bytes.writeUInt32LE(Number(all / 86_400_000_000n), 1);
  bytes.set([Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60], 5);
  bytes.writeUInt32LE(Number(all % 1_000_000n), 8);
  return all % 1_000_000n === 0n ? bytes.subarray(0, 8) : bytes;
}
