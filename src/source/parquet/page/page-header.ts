/** `PageHeader` of parquet.thrift, as far as it is needed. */
export interface PageHeader {
  /** Bytes of the header itself. */
  readonly length: number;
  readonly kind: 'data' | 'dataV2' | 'dictionary' | 'index';
  readonly decompressed: number;
  readonly compressed: number;
  /** CRC-32 of the page as stored, signed; null where the writer left it out. */
  readonly crc: number | null;
  readonly values: number;
  readonly encoding: number;
  /** Of version 1: how levels are encoded. */
  readonly definitionEncoding: number;
  readonly repetitionEncoding: number;
  /** Of version 2. */
  readonly nulls: number;
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  readonly isCompressed: boolean;
}

const KINDS = ['data', 'index', 'dictionary', 'dataV2'] as const;
/** Structs in each other, at most. */
const DEEPEST = 16;

type Struct = ReadonlyMap<number, number | boolean | Struct>;

/** More bytes are needed to know. */
class Short extends Error {}

/**
 * Reads a page header (Thrift's compact protocol) at the start of `bytes`; null where it goes on behind them.
 * Throws a plain Error at what is none.
 */
export function readPageHeader(bytes: Uint8Array): PageHeader | null {
  try {
    const reader = new CompactReader(bytes);
    const fields = reader.struct(0);
    return headerOf(fields, reader.at);
  } catch (error) {
    if (error instanceof Short) return null;
    throw error;
  }
}

function headerOf(fields: Struct, length: number): PageHeader {
  const kind = KINDS[whole(fields, 1)];
  if (kind === undefined) throw new Error(`there is no page type ${whole(fields, 1)}`);
  const number = { data: 5, index: 6, dictionary: 7, dataV2: 8 }[kind];
  const about = fields.get(number);
  if (!(about instanceof Map) && kind !== 'index') throw new Error(`a page of type ${kind} says nothing of itself`);
  const inner = about instanceof Map ? (about as Struct) : new Map();
  const second = kind === 'dataV2';
  return {
    length,
    kind,
    decompressed: whole(fields, 2),
    compressed: whole(fields, 3),
    crc: fields.has(4) ? Number(fields.get(4)) | 0 : null,
    values: kind === 'index' ? 0 : whole(inner, 1),
    encoding: kind === 'index' ? 0 : whole(inner, second ? 4 : 2),
    definitionEncoding: kind === 'data' ? whole(inner, 3) : 0,
    repetitionEncoding: kind === 'data' ? whole(inner, 4) : 0,
    nulls: second ? whole(inner, 2) : 0,
    definitionBytes: second ? whole(inner, 5) : 0,
    repetitionBytes: second ? whole(inner, 6) : 0,
    isCompressed: inner.get(7) !== false || !second,
  };
}

function whole(fields: Struct, id: number): number {
  const value = fields.get(id);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`field ${id} of a page header is ${typeof value === 'number' ? value : 'missing'}`);
}

class CompactReader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): Struct {
    if (depth > DEEPEST) throw new Error(`a page header is nested deeper than ${DEEPEST}`);
    const fields = new Map<number, number | boolean | Struct>();
    let last = 0;
    for (;;) {
      const header = this.#byte();
      if (header === 0) return fields;
      last = header >> 4 === 0 ? this.#zigzag() : last + (header >> 4);
      const value = this.#value(header & 15, depth);
      if (value !== null) fields.set(last, value);
    }
  }

  /** A value; null for texts and lists, which are passed. */
  #value(type: number, depth: number): number | boolean | Struct | null {
    switch (type) {
      case 1:
      case 2:
        return type === 1;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.#pass(8);
        return null;
      case 8:
        this.#pass(this.#varint());
        return null;
      case 9:
      case 10:
        this.#list(depth);
        return null;
      case 12:
        return this.struct(depth + 1);
      default:
        throw new Error(`a page header holds the type ${type}`);
    }
  }

  #list(depth: number): void {
    const header = this.#byte();
    const size = header >> 4 === 15 ? this.#varint() : header >> 4;
    const type = header & 15;
    for (let index = 0; index < size; index += 1) {
      if (type <= 2) this.#pass(1);
      else this.#value(type, depth + 1);
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 63; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    this.#pass(1);
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new Short();
    this.at += 1;
    return byte;
  }

  #pass(count: number): void {
    if (count > this.#bytes.length - this.at) throw new Short();
    this.at += count;
  }
}
