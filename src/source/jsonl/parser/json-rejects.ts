import {
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  REJECT_CODE,
  REJECT_COLUMN,
  REJECT_COUNT,
  REJECT_FLAGS,
  REJECT_LENGTH,
  REJECT_LINE,
  REJECT_OFFSET,
  REJECT_SIZE,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { Reason } from '../../cast/cast-reason.ts';
import type { PlacedColumn } from '../../cast/placed-column.ts';
import type { ParsedReject } from '../../reject/parsed-reject.ts';
import type { JsonLimits, JsonMemory } from './json-memory.ts';
import { reasonOfDamage, reasonOfValue } from './json-reason.ts';
import type { KeyTree } from './key-tree.ts';

const WHOLE_LINE = 0xffff_ffff;
/** Reasons that are kept, to be given again. */
const KNOWN_REASONS = 4096;
const GOES_ON = 1;
const CONTINUES_LAST = 2;

/** The rejects of one batch as they lie in kernel memory: read into objects. */
export class JsonRejects {
  readonly #view: DataView;
  readonly #memory: JsonMemory;
  readonly #limits: JsonLimits;
  readonly #tree: KeyTree;
  /** By rank. */
  readonly #columns: readonly PlacedColumn[];
  readonly #known = new Map<string, Reason>();

  constructor(
    { view }: Kernel,
    memory: JsonMemory,
    limits: JsonLimits,
    tree: KeyTree,
    columns: readonly PlacedColumn[],
  ) {
    this.#view = view;
    this.#memory = memory;
    this.#limits = limits;
    this.#tree = tree;
    this.#columns = columns;
  }

  /** All rejects of the batch, in the order in which they stand in the file. */
  read(): readonly ParsedReject[] {
    const count = this.#u32(this.#memory.context + CTX_REJECT_COUNT);
    if (count === 0) return [];
    const first = this.#u32(this.#memory.context + CTX_REJECTS);
    const rejects: ParsedReject[] = [];
    for (let i = 0; i < count; i++) rejects.push(this.#entry(first + i * REJECT_SIZE));
    return rejects.sort((a, b) => a.offset - b.offset);
  }

  #entry(entry: number): ParsedReject {
    const rank = this.#u32(entry + REJECT_COLUMN);
    const flags = this.#u32(entry + REJECT_FLAGS);
    const column = rank === WHOLE_LINE ? undefined : this.#columns[rank];
    const { code, reason } = this.#reasonOf(this.#u32(entry + REJECT_CODE), this.#u32(entry + REJECT_COUNT), column);
    return {
      offset: this.#u32(entry + REJECT_OFFSET) - this.#memory.window,
      length: this.#u32(entry + REJECT_LENGTH),
      line: this.#u32(entry + REJECT_LINE),
      field: column === undefined ? null : column.index,
      code,
      reason,
      continues: (flags & GOES_ON) !== 0,
      continued: (flags & CONTINUES_LAST) !== 0,
    };
  }

  /** Why; the same object for the same cause, nearly always. */
  #reasonOf(code: number, count: number, column: PlacedColumn | undefined): Reason {
    const key = column === undefined ? `${code} ${count}` : `${code} in ${column.index}`;
    const known = this.#known.get(key);
    if (known) return known;
    const reason =
      column === undefined ? reasonOfDamage(code, count, this.#limits, this.#tree) : reasonOfValue(code, column.field);
    if (this.#known.size === KNOWN_REASONS) this.#known.clear();
    this.#known.set(key, reason);
    return reason;
  }

  #u32(address: number): number {
    return this.#view.getUint32(address, true);
  }
}
