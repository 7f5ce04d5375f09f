/** Where two lines of a reject file speak of the same row. */
export interface Repeated {
  readonly line: number;
  readonly before: number;
}

/** Places of rows in one input, in sixteen bytes each however many there are; finds those that stand there twice. */
export class PlaceList {
  #offsets = new Float64Array(64);
  #lines = new Float64Array(64);
  #count = 0;
  #ascending = true;

  /** `line`: where in the reject file it stands. */
  add(offset: number, line: number): void {
    if (this.#count === this.#offsets.length) {
      this.#offsets = doubled(this.#offsets);
      this.#lines = doubled(this.#lines);
    }
    if (this.#count > 0 && offset <= (this.#offsets[this.#count - 1] ?? 0)) this.#ascending = false;
    this.#offsets[this.#count] = offset;
    this.#lines[this.#count] = line;
    this.#count += 1;
  }

  /** The first line that repeats another one, or null. Reject files are in order, unless somebody sorted them. */
  repeated(): Repeated | null {
    if (this.#ascending) return null;
    const order = Array.from({ length: this.#count }, (_, index) => index);
    const offset = (index: number): number => this.#offsets[index] ?? 0;
    order.sort((a, b) => offset(a) - offset(b) || a - b);
    let first: Repeated | null = null;
    for (const [rank, index] of order.entries()) {
      const other = order[rank - 1];
      if (other === undefined || offset(other) !== offset(index)) continue;
      const line = this.#lines[index] ?? 0;
      if (first === null || line < first.line) first = { line, before: this.#lines[other] ?? 0 };
    }
    return first;
  }
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(values.length * 2);
  grown.set(values);
  return grown;
}
