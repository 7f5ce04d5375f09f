import { AtlasError } from '../../errors.ts';
import type { ValueRange } from '../../flow/dataset-plan.ts';
import type { Draft, Held, Identity, Likeness, Published, Staged, TargetLock } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import type { RememberingSink, TargetMemory } from '../../flow/target-memory.ts';
import { checkTarget } from './check-target.ts';
import { cleanDrafts, dropDraft } from './clean-drafts.ts';
import { compareTable } from './columns/compare-table.ts';
import { examineTable } from './columns/examine-table.ts';
import { findLiveTable } from './columns/find-live-table.ts';
import { compareExchange, exchangeTables } from './exchange-step.ts';
import { findMark } from './find-mark.ts';
import { findParts, rowsOf } from './find-parts.ts';
import { findTable } from './find-table.ts';
import { holdsPublished } from './holds-published.ts';
import { PartitionSteps } from './partition-steps.ts';
import { ReceiptsTable } from './receipts/receipts-table.ts';
import { beginTableDraft } from './table-draft.ts';
import { acquireTableLock } from './table-lock.ts';
import type { TablePlace } from './table-place.ts';
import type { TablePlan } from './table-plan.ts';
import { takesFiles } from './takes-files.ts';

/** One table of a ClickHouse: rows are staged in tables of the run, counted, and published by the step that the mode needs. */
export class ClickhouseSink implements RememberingSink {
  readonly memory: TargetMemory;
  readonly #place: TablePlace;
  #plan: TablePlan;

  constructor(place: TablePlace, plan: TablePlan) {
    this.#place = place;
    this.#plan = plan;
    this.memory = new ReceiptsTable(place);
  }

  get target(): string {
    return this.#place.target;
  }

  lock(runId: string, options: Abortable): Promise<TargetLock> {
    return acquireTableLock(this.#place, runId, options);
  }

  async look(options: Abortable): Promise<Identity> {
    const live = await findTable(this.#place, this.#place.table, options);
    if (live === null) return { kind: 'absent' };
    return { kind: 'table', uuid: live.uuid, mark: await findMark(this.#place, this.#place.table, options) };
  }

  check(options: Abortable): Promise<void> {
    return checkTarget(this.#place, this.#plan, options);
  }

  async checkColumns(options: Abortable): Promise<void> {
    await examineTable(this.#plan, this.#place, options);
  }

  async ranges(options: Abortable): Promise<ReadonlyMap<string, ValueRange>> {
    const { server, database, table } = this.#place;
    const live = await findLiveTable(server, { database, table }, options);
    const ranges = live === null ? new Map<string, ValueRange>() : compareTable(this.#plan, live).ranges;
    // whoever asks keeps to them
    this.#plan = { ...this.#plan, ranges: Object.fromEntries(ranges) };
    return ranges;
  }

  clean(keep: readonly string[], options: Abortable): Promise<readonly string[]> {
    return cleanDrafts(this.#place, keep, options);
  }

  draft(runId: string, options: Abortable): Promise<Draft> {
    return beginTableDraft(this.#place, this.#plan, runId, options);
  }

  takesFiles(options: Abortable): Promise<boolean> {
    return takesFiles(this.#place, this.#plan, options);
  }

  compare(staged: Staged, at: 'draft' | 'target' | 'either', options: Abortable): Promise<Likeness> {
    const steps = this.#steps(staged);
    return steps === null ? compareExchange(this.#place, staged, at, options) : steps.compare(at, options);
  }

  commit(staged: Staged, options: Abortable): Promise<void> {
    return this.#steps(staged)?.commit(options) ?? exchangeTables(this.#place, staged, options);
  }

  /** The server has written it down before it answers. */
  async secure(staged: Staged, options: Abortable): Promise<void> {
    await this.#steps(staged)?.secure(options);
  }

  erase({ draft }: Staged, options: Abortable): Promise<void> {
    return dropDraft(this.#place, draft, options);
  }

  holds(published: Published, options: Abortable): Promise<Held> {
    return holdsPublished(this.#place, published, options);
  }

  async isEmpty(options: Abortable): Promise<boolean> {
    return (await findParts(this.#place, this.#place.table, options)).length === 0;
  }

  /** Counts only where nobody else writes, and the server neither joins rows nor lets them expire. */
  async recount({ table }: Staged, options: Abortable): Promise<number | null> {
    if (!this.#plan.exclusive || table === undefined || table.willCollapse !== null) return null;
    if (table.step !== 'exchange' && table.step !== 'rename') return null;
    const live = await findTable(this.#place, this.#place.table, options);
    if (live === null || /\bTTL\b/.test(live.engineFull)) return null;
    const parts = await findParts(this.#place, this.#place.table, options);
    return parts.some(({ masked }) => masked) ? null : rowsOf(parts);
  }

  /** The server is shared, and closed by whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {}

  #steps(staged: Staged): PartitionSteps | null {
    const { table } = staged;
    if (table === undefined) {
      throw new AtlasError('ATLAS_INTERNAL', `what was staged at ${staged.draft} is no table`);
    }
    return table.step === 'exchange' || table.step === 'rename' ? null : new PartitionSteps(this.#place, staged, table);
  }
}
