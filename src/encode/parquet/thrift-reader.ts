import { THRIFT } from './thrift-writer.ts';

const BOOLEAN_FALSE = 2;
const BYTE = 3;
const I16 = 4;
const DOUBLE = 7;
const LIST = 9;
const SET = 10;
const MAP = 11;
/** Structs and lists in each other, at most; a footer has five levels. */
const DEEPEST = 32;

/** One field of a struct: where its header, its value, and what follows it begin. */
export interface ThriftField {
  readonly id: number;
  readonly type: number;
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

/** A list: where its first element begins and its last one ends. */
export interface ThriftList {
  readonly element: number;
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Walks over Thrift's compact protocol (thrift-compact-protocol.md) without decoding what nobody asks for: whatever it passes can be
 * copied byte by byte. Throws a plain `Error` at bytes that are no such thing; it reads nothing beyond them.
 */
export class ThriftReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The fields of the struct that begins at `at`; `end` is where what follows the struct begins. */
  struct(at: number): { readonly fields: readonly ThriftField[]; readonly end: number } {
    this.#at = at;
    const fields: ThriftField[] = [];
    let last = 0;
    for (;;) {
      const start = this.#at;
      const header = this.#byte();
      if (header === 0) return { fields, end: this.#at };
      last = header >> 4 === 0 ? this.#zigzag() : last + (header >> 4);
      const type = header & 15;
      const value = this.#at;
      this.#skip(type, 0);
      fields.push({ id: last, type, start, value, end: this.#at });
    }
  }

  /** The list that is the value of a field. */
  list(field: ThriftField): ThriftList {
    if (field.type !== LIST) throw new Error(`field ${field.id} is of type ${field.type}, a list was expected`);
    this.#at = field.value;
    const { element, size } = this.#listHeader();
    return { element, size, start: this.#at, end: field.end };
  }

  /** An integer of any size up to 2^53. */
  integer(field: ThriftField): number {
    if (field.type !== THRIFT.i32 && field.type !== THRIFT.i64) {
      throw new Error(`field ${field.id} is of type ${field.type}, an integer was expected`);
    }
    this.#at = field.value;
    return this.#zigzag();
  }

  binary(field: ThriftField): Uint8Array {
    if (field.type !== THRIFT.binary) throw new Error(`field ${field.id} is of type ${field.type}, not text`);
    this.#at = field.value;
    const length = this.#varint();
    return this.#bytes.subarray(this.#at, this.#at + length);
  }

  #skip(type: number, depth: number): void {
    if (depth > DEEPEST) throw new Error(`it is nested deeper than ${DEEPEST}`);
    switch (type) {
      case THRIFT.boolean:
      case BOOLEAN_FALSE:
        return;
      case BYTE:
        this.#pass(1);
        return;
      case I16:
      case THRIFT.i32:
      case THRIFT.i64:
        this.#varint();
        return;
      case DOUBLE:
        this.#pass(8);
        return;
      case THRIFT.binary:
        this.#pass(this.#varint());
        return;
      case LIST:
      case SET: {
        const { element, size } = this.#listHeader();
        for (let index = 0; index < size; index += 1) this.#skipElement(element, depth + 1);
        return;
      }
      case MAP:
        this.#skipMap(depth);
        return;
      case THRIFT.struct:
        this.#skipStruct(depth);
        return;
      default:
        throw new Error(`there is no type ${type} at byte ${this.#at}`);
    }
  }

  #skipElement(type: number, depth: number): void {
    // a boolean has a byte of its own here; in a field its type says it
    if (type === THRIFT.boolean || type === BOOLEAN_FALSE) this.#pass(1);
    else this.#skip(type, depth);
  }

  #skipMap(depth: number): void {
    const size = this.#varint();
    if (size === 0) return;
    const types = this.#byte();
    for (let index = 0; index < size; index += 1) {
      this.#skipElement(types >> 4, depth + 1);
      this.#skipElement(types & 15, depth + 1);
    }
  }

  #skipStruct(depth: number): void {
    for (let header = this.#byte(); header !== 0; header = this.#byte()) {
      if (header >> 4 === 0) this.#varint();
      this.#skip(header & 15, depth + 1);
    }
  }

  #listHeader(): { readonly element: number; readonly size: number } {
    const header = this.#byte();
    const size = header >> 4 === 15 ? this.#varint() : header >> 4;
    // every element has a byte at least
    if (size > this.#bytes.length - this.#at) throw new Error(`a list of ${size} elements begins at byte ${this.#at}`);
    return { element: header & 15, size };
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
    // ten bytes: a negative 64-bit number
    this.#pass(1);
    return value;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error(`it ends at byte ${this.#bytes.length}, in the middle of a value`);
    this.#at += 1;
    return byte;
  }

  #pass(count: number): void {
    if (count > this.#bytes.length - this.#at) {
      throw new Error(`a value of ${count} bytes begins at byte ${this.#at} of ${this.#bytes.length}`);
    }
    this.#at += count;
  }
}
