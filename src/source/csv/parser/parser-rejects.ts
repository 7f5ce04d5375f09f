import {
  CTX_ENDS,
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  CTX_WIDTH,
  REJECT_CODE,
  REJECT_COLUMN,
  REJECT_COUNT,
  REJECT_FLAGS,
  REJECT_LENGTH,
  REJECT_LINE,
  REJECT_OFFSET,
  REJECT_ROW,
  REJECT_SIZE,
  STATUS_SYNTAX,
  STATUS_UTF8,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Reason } from '../../cast/cast-reason.ts';
import type { PlacedColumn } from '../../cast/placed-column.ts';
import type { ParsedReject } from '../../reject/parsed-reject.ts';
import { INVALID } from '../encoding/transcoder.ts';
import { reasonOfDamage, reasonOfEncoding, reasonOfStatus } from './parser-reason.ts';
import type { ParserPlan } from './parser-shape.ts';

const WHOLE_ROW = 0xffff_ffff;
/** Reasons that are kept, to be given again. */
const KNOWN_REASONS = 4096;
const GOES_ON = 1;
const CONTINUES_LAST = 2;

/** The rejects of one batch as they lie in kernel memory: read into objects. */
export class RejectList {
  readonly #kernel: Kernel;
  readonly #context: number;
  readonly #window: number;
  readonly #plan: ParserPlan;
  /** By rank. */
  readonly #columns: readonly PlacedColumn[];
  readonly #known = new Map<string | number, Reason>();
  /** Why the span that goes on in the next call was rejected. */
  #open: Reason = { code: 'ATLAS_INTERNAL', reason: '' };

  constructor(kernel: Kernel, context: number, window: number, plan: ParserPlan, columns: readonly PlacedColumn[]) {
    this.#kernel = kernel;
    this.#context = context;
    this.#window = window;
    this.#plan = plan;
    this.#columns = columns;
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
    const why = continued ? this.#open : this.#reasonOf(entry, code, rank, column);
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

  /** Why; the same object for the same cause, nearly always. */
  #reasonOf(entry: number, code: number, rank: number, column: PlacedColumn | undefined): Reason {
    const notEncoded = column !== undefined && this.#isNotEncoded(entry, code, column);
    const count = column === undefined ? this.#u32(entry + REJECT_COUNT) : 0;
    const key = column === undefined ? `${code} ${count}` : rank * 64 + (notEncoded ? 63 : code);
    const known = this.#known.get(key);
    if (known) return known;
    const reason =
      column === undefined
        ? reasonOfDamage(code, count, this.#plan)
        : notEncoded
          ? reasonOfEncoding(this.#plan.encoding)
          : reasonOfStatus(code, column.field);
    if (this.#known.size === KNOWN_REASONS) this.#known.clear();
    this.#known.set(key, reason);
    return reason;
  }

  /** Whether a cell is bad because bytes of it were not valid in the encoding of the input. */
  #isNotEncoded(entry: number, code: number, { field }: PlacedColumn): boolean {
    if (this.#plan.encoding === 'utf-8') return false;
    if (code !== STATUS_SYNTAX) return code === STATUS_UTF8;
    const position = field.position ?? 0;
    const end = this.#get(CTX_ENDS) + (this.#u32(entry + REJECT_ROW) * this.#get(CTX_WIDTH) + position) * 4;
    const from = position === 0 ? this.#u32(entry + REJECT_OFFSET) : this.#u32(end - 4) + 1;
    return this.#kernel.bytes.subarray(from, this.#u32(end)).includes(INVALID);
  }

  #get(slot: number): number {
    return this.#kernel.view.getUint32(this.#context + slot, true);
  }
  #u32(address: number): number {
    return this.#kernel.view.getUint32(address, true);
  }
}
