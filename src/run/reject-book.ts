import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { RejectBlock, RejectGroup } from '../flow/reject-block.ts';

/** Bad rows that `on_error: fail` reads on to, so that one run tells about many. */
export const FAIL_REPORT_ROWS = 100;

/** Where and why the first reject is. */
type First = RejectGroup & { readonly line: number };
type ByCode = Receipt['rejects']['byCode'];

/** Counts rejects in the order of the input, groups them, remembers the first, and knows the policy. */
export class RejectBook {
  readonly #plan: DatasetPlan;
  readonly #failLimit: number;
  readonly #counts = new Map<string, { code: string; column: string | null; count: number }>();
  #first: First | null = null;
  #total = 0;

  constructor(plan: DatasetPlan, options: { readonly failFast: boolean }) {
    this.#plan = plan;
    this.#failLimit = options.failFast ? 1 : FAIL_REPORT_ROWS;
  }

  /** Rejects counted so far. */
  get total(): number {
    return this.#total;
  }

  /** Rejects after which a single task need not be read on, whatever the tasks before it hold. */
  get taskLimit(): number {
    if (this.#plan.onError === 'fail') return this.#failLimit;
    const limit = this.#plan.maxRejects;
    return limit?.kind === 'rows' ? limit.rows + 1 : Number.POSITIVE_INFINITY;
  }

  /** Rejects that may still be taken before the rest need not be read. */
  get room(): number {
    return this.taskLimit - this.#total;
  }

  /** Takes the first `count` rejects of a block, of a task with so many lines of its file before it. */
  add({ lines, groups, group }: RejectBlock, count: number, linesBefore: number): void {
    if (count === 0) return;
    this.#total += count;
    this.#first ??= { ...(groups[group[0] ?? 0] as RejectGroup), line: (lines[0] ?? 0) + linesBefore + 1 };
    const counts = new Uint32Array(groups.length);
    for (const index of group.subarray(0, count)) counts[index] = (counts[index] ?? 0) + 1;
    groups.forEach(({ code, column }, index) => {
      this.#count(code, column, counts[index] ?? 0);
    });
  }

  #count(code: string, column: string | null, count: number): void {
    if (count === 0) return;
    // an empty name is a name
    const key = `${code}\0${column === null ? '' : `=${column}`}`;
    const group = this.#counts.get(key);
    if (group) group.count += count;
    else this.#counts.set(key, { code, column, count });
  }

  /** The most frequent first. */
  byCode(): ByCode {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count).map((each) => ({ ...each }));
  }

  /**
   * Fails with ATLAS_REJECTS_FOUND or ATLAS_REJECTS_LIMIT where the policy does not bear what was counted. `rowsAtMost` is
   * how many rows the input can hold at most as far as is known: a share is exceeded once it is exceeded even of those.
   */
  check(rowsAtMost: number): void {
    if (this.#total === 0) return;
    if (this.#plan.onError === 'fail') throw this.#found();
    const limit = this.#plan.maxRejects;
    if (limit === null) return;
    const allowed = limit.kind === 'rows' ? limit.rows : Math.floor(limit.share * rowsAtMost);
    if (this.#total > allowed) throw this.#exceeded(limit.kind === 'rows' ? `${limit.rows} rows` : share(limit.share));
  }

  #found(): AtlasError {
    const rows = this.#total === 1 ? '1 row' : `${this.#total} rows`;
    const more = this.#total >= this.#failLimit ? ' (reading stopped there)' : '';
    const { source } = this.#plan;
    const wide = source.type === 'csv' && source.wideDelimiter !== null;
    return new AtlasError('ATLAS_REJECTS_FOUND', `${rows} could not be taken${more}; the first: ${this.#firstText()}`, {
      place: this.#place(),
      // Such rows cannot be set aside there.
      ...(wide ? { hint: 'Mend them, or convert the file to a single-byte delimiter.' } : {}),
    });
  }

  #exceeded(allowed: string): AtlasError {
    return new AtlasError(
      'ATLAS_REJECTS_LIMIT',
      `${this.#total} rows were rejected, max_rejects allows ${allowed}; the first: ${this.#firstText()}`,
      { place: this.#place() },
    );
  }

  #firstText(): string {
    const first = this.#first;
    return first ? `${first.code}: ${first.reason}` : '';
  }

  #place(): { file: string; line: number; column?: string } {
    const first = this.#first as First;
    return { file: first.file, line: first.line, ...(first.column === null ? {} : { column: first.column }) };
  }
}

function share(value: number): string {
  return `${Number((value * 100).toPrecision(12))}% of the rows`;
}
