import {
  CTX_BAD,
  CTX_BAD_COUNT,
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  CTX_ROW_END,
  CTX_ROW_LINE,
  CTX_ROW_START,
  REJECT_CODE,
  REJECT_COLUMN,
  REJECT_COUNT,
  REJECT_FLAGS,
  REJECT_LENGTH,
  REJECT_LINE,
  REJECT_OFFSET,
  REJECT_ROW,
  REJECT_SIZE,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { PlacedColumn } from './parser-columns.ts';
import { type Reason, reasonOfDamage, reasonOfStatus } from './parser-reason.ts';
import type { ParsedReject, ParserPlan } from './parser-shape.ts';

const WHOLE_ROW = 0xffff_ffff;
const GOES_ON = 1;
const CONTINUES_LAST = 2;

/** The rejects of one batch as they lie in kernel memory: read into objects, and added to by what the host casts. */
export class RejectList {
  readonly #kernel: Kernel;
  readonly #context: number;
  readonly #window: number;
  readonly #plan: ParserPlan;
  /** By rank. */
  readonly #columns: readonly PlacedColumn[];
  /** Why the span that goes on in the next call was rejected. */
  #open: Reason = { code: 'ATLAS_INTERNAL', reason: '' };

  constructor(kernel: Kernel, context: number, window: number, plan: ParserPlan, columns: readonly PlacedColumn[]) {
    this.#kernel = kernel;
    this.#context = context;
    this.#window = window;
    this.#plan = plan;
    this.#columns = columns;
  }

  /** Marks a row bad because of the column of this rank, unless one of a lower rank did; `status` is one of the kernel's. */
  add(row: number, rank: number, status: number): void {
    const slot = this.#get(CTX_BAD) + row * 4;
    const bad = this.#u32(slot);
    if (bad !== 0) {
      const entry = this.#get(CTX_REJECTS) + (bad - 1) * REJECT_SIZE;
      if (this.#u32(entry + REJECT_COLUMN) <= rank) return;
      this.#put(entry + REJECT_COLUMN, rank);
      this.#put(entry + REJECT_CODE, status);
      return;
    }
    const count = this.#get(CTX_REJECT_COUNT);
    const entry = this.#get(CTX_REJECTS) + count * REJECT_SIZE;
    const start = this.#u32(this.#get(CTX_ROW_START) + row * 4);
    this.#put(slot, count + 1);
    this.#put(this.#context + CTX_REJECT_COUNT, count + 1);
    this.#put(this.#context + CTX_BAD_COUNT, this.#get(CTX_BAD_COUNT) + 1);
    this.#put(entry + REJECT_OFFSET, start);
    this.#put(entry + REJECT_LENGTH, this.#u32(this.#get(CTX_ROW_END) + row * 4) - start);
    this.#put(entry + REJECT_LINE, this.#u32(this.#get(CTX_ROW_LINE) + row * 4));
    this.#put(entry + REJECT_COLUMN, rank);
    this.#put(entry + REJECT_CODE, status);
    this.#put(entry + REJECT_COUNT, 0);
    this.#put(entry + REJECT_FLAGS, 0);
    this.#put(entry + REJECT_ROW, row);
  }

  /** All rejects of the batch, in the order in which they stand in the file. */
  read(): readonly ParsedReject[] {
    const count = this.#get(CTX_REJECT_COUNT);
    if (count === 0) return [];
    const first = this.#get(CTX_REJECTS);
    const rejects: ParsedReject[] = [];
    for (let i = 0; i < count; i++) rejects.push(this.#entry(first + i * REJECT_SIZE));
    return rejects.sort((a, b) => a.offset - b.offset);
  }

  #entry(entry: number): ParsedReject {
    const rank = this.#u32(entry + REJECT_COLUMN);
    const code = this.#u32(entry + REJECT_CODE);
    const flags = this.#u32(entry + REJECT_FLAGS);
    const column = rank === WHOLE_ROW ? undefined : this.#columns[rank];
    const continued = (flags & CONTINUES_LAST) !== 0;
    const why = continued
      ? this.#open
      : column === undefined
        ? reasonOfDamage(code, this.#u32(entry + REJECT_COUNT), this.#plan)
        : reasonOfStatus(code, column.field);
    if ((flags & GOES_ON) !== 0) this.#open = why;
    return {
      offset: this.#u32(entry + REJECT_OFFSET) - this.#window,
      length: this.#u32(entry + REJECT_LENGTH),
      line: this.#u32(entry + REJECT_LINE),
      field: column === undefined ? null : column.index,
      code: why.code,
      reason: why.reason,
      continues: (flags & GOES_ON) !== 0,
      continued,
    };
  }

  #get(slot: number): number {
    return this.#kernel.view.getUint32(this.#context + slot, true);
  }
  #u32(address: number): number {
    return this.#kernel.view.getUint32(address, true);
  }
  #put(address: number, value: number): void {
    this.#kernel.view.setUint32(address, value, true);
  }
}
