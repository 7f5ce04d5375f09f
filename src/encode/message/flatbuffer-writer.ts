/** A field of a table: its slot, its type, its value. Offsets are those that `string`, `vector` and `table` answered. */
export type TableField = readonly [slot: number, type: 'bool' | 'i16' | 'i32' | 'i64' | 'offset', value: number];

const SIZE = { bool: 1, i16: 2, i32: 4, i64: 8, offset: 4 } as const;

const text = new TextEncoder();

/** Writes a FlatBuffer from its end to its start (FlatBuffers, "Internals"); offsets count from the end. */
export class FlatbufferWriter {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  string(value: string): number {
    const bytes = text.encode(value);
    this.#prepare(4, bytes.byteLength + 1);
    this.#take(1);
    const at = this.#take(bytes.byteLength);
    this.#bytes.set(bytes, at);
    return this.#put('i32', bytes.byteLength);
  }

  vector(offsets: readonly number[]): number {
    this.#prepare(4, offsets.length * 4);
    for (const offset of offsets.toReversed()) this.#put('offset', offset);
    return this.#put('i32', offsets.length);
  }

  /** A vector of structs of two 64-bit numbers each. */
  pairs(values: readonly (readonly [number, number])[]): number {
    this.#prepare(8, values.length * 16);
    for (const [first, second] of values.toReversed()) {
      this.#put('i64', second);
      this.#put('i64', first);
    }
    return this.#put('i32', values.length);
  }

  table(fields: readonly TableField[]): number {
    this.#prepare(8, 0);
    const end = this.#size;
    const slots: number[] = [];
    for (const [slot, type, value] of [...fields].sort((a, b) => SIZE[b[1]] - SIZE[a[1]])) {
      slots[slot] = this.#put(type, value);
    }
    const table = this.#put('i32', 0);
    for (let slot = slots.length - 1; slot >= 0; slot -= 1) {
      const at = slots[slot];
      this.#put('i16', at === undefined ? 0 : table - at);
    }
    this.#put('i16', table - end);
    const vtable = this.#put('i16', 4 + 2 * slots.length);
    this.#view.setInt32(this.#bytes.byteLength - table, vtable - table, true);
    return table;
  }

  /** The finished buffer, whose root is the given table, its length a multiple of 8. */
  finish(root: number): Uint8Array {
    this.#prepare(8, 4);
    this.#put('offset', root);
    return this.#bytes.slice(this.#bytes.byteLength - this.#size);
  }

  #put(type: TableField[1], value: number): number {
    this.#prepare(SIZE[type], 0);
    const at = this.#take(SIZE[type]);
    if (type === 'bool') this.#view.setUint8(at, value);
    else if (type === 'i16') this.#view.setInt16(at, value, true);
    else if (type === 'i32') this.#view.setInt32(at, value, true);
    else if (type === 'i64') this.#view.setBigInt64(at, BigInt(value), true);
    else this.#view.setUint32(at, this.#size - value, true);
    return this.#size;
  }

  /** Pads so that what follows `more` further bytes is aligned. */
  #prepare(alignment: number, more: number): void {
    this.#take(-(this.#size + more) & (alignment - 1));
  }

  #take(size: number): number {
    while (this.#size + size > this.#bytes.byteLength) {
      const larger = new Uint8Array(this.#bytes.byteLength * 2);
      larger.set(this.#bytes, this.#bytes.byteLength);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#size += size;
    return this.#bytes.byteLength - this.#size;
  }
}
