const BOOLEAN_TRUE = 1;
const BOOLEAN_FALSE = 2;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/** Element types of a list, as the compact protocol numbers them. */
export const THRIFT = { boolean: BOOLEAN_TRUE, i32: I32, i64: I64, binary: BINARY, struct: STRUCT } as const;

const text = new TextEncoder();

/** Writes Thrift's compact protocol (thrift-compact-protocol.md): fields in ascending order, into one growing buffer. */
export class ThriftWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #last = 0;
  readonly #outer: number[] = [];

  /** `after`: the field that was written before, where a struct is gone on with. */
  constructor(capacity = 256, after = 0) {
    this.#bytes = new Uint8Array(capacity);
    this.#last = after;
  }

  /** The bytes so far, copied. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  boolean(id: number, value: boolean): void {
    this.#field(id, value ? BOOLEAN_TRUE : BOOLEAN_FALSE);
  }

  byte(id: number, value: number): void {
    this.#field(id, 3);
    this.#byte(value & 0xff);
  }

  i32(id: number, value: number): void {
    this.#field(id, I32);
    this.#varint32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** Any integer between -2^52 and 2^52. */
  i64(id: number, value: number): void {
    this.#field(id, I64);
    this.bareI64(value);
  }

  binary(id: number, value: Uint8Array): void {
    this.#field(id, BINARY);
    this.bareBinary(value);
  }

  string(id: number, value: string): void {
    this.binary(id, text.encode(value));
  }

  list(id: number, element: number, size: number): void {
    this.#field(id, LIST);
    if (size < 15) this.#byte((size << 4) | element);
    else {
      this.#byte(0xf0 | element);
      this.#varint32(size);
    }
  }

  /** Opens a struct in a field; without an id, as an element of a list or the outermost one. */
  begin(id?: number): void {
    if (id !== undefined) this.#field(id, STRUCT);
    this.#outer.push(this.#last);
    this.#last = 0;
  }

  end(): void {
    this.#byte(0);
    this.#last = this.#outer.pop() ?? 0;
  }

  /** An element of a list. */
  bareI32(value: number): void {
    this.#varint32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  bareI64(value: number): void {
    let zigzag = value < 0 ? -value * 2 - 1 : value * 2;
    while (zigzag >= 0x80) {
      this.#byte((zigzag % 0x80) | 0x80);
      zigzag = Math.floor(zigzag / 0x80);
    }
    this.#byte(zigzag);
  }

  bareBinary(value: Uint8Array): void {
    this.#varint32(value.byteLength);
    this.#reserve(value.byteLength);
    this.#bytes.set(value, this.#length);
    this.#length += value.byteLength;
  }

  bareBoolean(value: boolean): void {
    this.#byte(value ? BOOLEAN_TRUE : BOOLEAN_FALSE);
  }

  #field(id: number, type: number): void {
    const delta = id - this.#last;
    if (delta > 0 && delta < 16) this.#byte((delta << 4) | type);
    else {
      this.#byte(type);
      this.#varint32(((id << 1) ^ (id >> 31)) >>> 0);
    }
    this.#last = id;
  }

  #varint32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.#byte(rest);
  }

  #byte(value: number): void {
    if (this.#length === this.#bytes.byteLength) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.byteLength) return;
    const larger = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
