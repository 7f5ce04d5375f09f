/** Messages as a PostgreSQL server sends them. */

export const COPY_SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');

/** A message: its type, its length, its body. */
export function message(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** The fields of a row, as DataRow and COPY hold them. */
export function rowBody(cells: readonly (Uint8Array | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(cells.length);
  return Buffer.concat([
    count,
    ...cells.flatMap((cell) => [int32(cell === null ? -1 : cell.length), cell ?? Buffer.alloc(0)]),
  ]);
}

/** What stands before the first tuple of COPY … (FORMAT binary). */
export function copyHeader(extension: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([COPY_SIGNATURE, int32(0), int32(extension.length), extension]);
}

/** A whole COPY as PostgreSQL sends it: the header in the message of the first tuple, or of the trailer. */
export function copyOf(rows: readonly (readonly (Uint8Array | null)[])[]): Buffer {
  const bodies = [...rows.map(rowBody), Buffer.from([0xff, 0xff])];
  bodies[0] = Buffer.concat([copyHeader(), bodies[0] as Buffer]);
  return Buffer.concat([...bodies.map((body) => message('d', body)), message('c', Buffer.alloc(0))]);
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

export function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

export function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return bytes;
}

const NAMED: Readonly<Record<string, number>> = { NaN: 0xc000, Infinity: 0xd000, '-Infinity': 0xf000 };

/** A numeric from its digits, without zero groups at either end, as the server keeps it. */
export function numeric(text: string): Buffer {
  const head = Buffer.alloc(8);
  const named = NAMED[text];
  if (named !== undefined) {
    head.writeUInt16BE(named, 4);
    return head;
  }
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0');
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0');
  const groups = (left + right).match(/.{4}/g)?.map(Number) ?? [];
  let weight = left.length / 4 - 1;
  while (groups.length > 0 && groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.length > 0 && groups.at(-1) === 0) groups.pop();
  head.writeUInt16BE(groups.length, 0);
  head.writeInt16BE(groups.length === 0 ? 0 : weight, 2);
  head.writeUInt16BE(sign === '-' && groups.length > 0 ? 0x4000 : 0, 4);
  head.writeUInt16BE(fraction.length, 6);
  const body = Buffer.alloc(groups.length * 2);
  groups.forEach((group, index) => {
    body.writeUInt16BE(group, index * 2);
  });
  return Buffer.concat([head, body]);
}
