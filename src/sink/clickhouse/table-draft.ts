import { AtlasError } from '../../errors.ts';
import type { ValueRange } from '../../flow/dataset-plan.ts';
import type { Fragment } from '../../flow/fragment.ts';
import type { Draft, Identity, Staged, StagedPartition, StagedTable } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { BlockInserts } from './block-inserts.ts';
import { columnsAt } from './columns/columns-at.ts';
import { examineTable } from './columns/examine-table.ts';
import { newShape } from './columns/new-shape.ts';
import { findServerTraits } from './columns/server-traits.ts';
import { dropTable } from './drop-table.ts';
import { findMark } from './find-mark.ts';
import { byPartition, findParts, type Part, rowsOf } from './find-parts.ts';
import { findTable } from './find-table.ts';
import { highestBlocks } from './highest-blocks.ts';
import { recordLineage, recordReplacement } from './lineage.ts';
import { makeNext, refuseMutating } from './make-next.ts';
import { changeColumns, makeStagingTable, type TableShape } from './staging-table.ts';
import type { TablePlace } from './table-place.ts';
import type { TablePlan } from './table-plan.ts';
import { willCollapse } from './will-collapse.ts';

/** Begins a draft: makes the staging table of a run. */
export async function beginTableDraft(
  place: TablePlace,
  plan: TablePlan,
  run: string,
  options: Abortable,
): Promise<Draft> {
  const shape = await findShape(place, plan, options);
  const stage = place.draftName('stage', run);
  try {
    await makeStagingTable(place, stage, shape, options);
  } catch (error) {
    await dropTable(place, stage, { signal: new AbortController().signal }).catch(() => {});
    throw error;
  }
  return new TableDraft(place, plan, run, shape);
}

/**
 * What the rows will rest in, held against the features once more: nobody reads a table's columns for long. Where the target stays the table
 * that it is, drift is followed in the target itself, before its rows come; else in what takes its place.
 */
async function findShape(place: TablePlace, plan: TablePlan, options: Abortable): Promise<TableShape> {
  const { create, columns, mode, exclusive } = plan;
  const examined = await examineTable(plan, place, options);
  const table = await findTable(place, place.table, options);
  if (examined === null || table === null) {
    if (create === null) throw goneTable(place);
    const traits = await findServerTraits(place.server, options);
    return { kind: 'new', table: create, columns: columnsAt(columns, traits) };
  }
  refuseUnbounded(place, plan, examined.ranges);
  const { reshaped, live, changes } = examined;
  const clauses = create !== null && reshaped.length > 0 ? newShape(create, live) : '';
  if (exclusive || mode === 'overwrite') return { kind: 'live', table, clauses, changes };
  await changeColumns(place, place.table, changes, options);
  const changed = changes.length > 0 ? await findTable(place, place.table, options) : table;
  if (changed === null) throw goneTable(place);
  return { kind: 'live', table: changed, clauses: '', changes: [] };
}

function goneTable(place: TablePlace): AtlasError {
  const message = `there is no table ${place.called(place.table)}, and create_table is false`;
  return new AtlasError('ATLAS_CH_TABLE_MISSING', message, { place: { file: place.target } });
}

/** Columns that hold less than their features would be given: the server would store other values in silence. */
function refuseUnbounded(place: TablePlace, { ranges }: TablePlan, held: ReadonlyMap<string, ValueRange>): void {
  for (const [name, { least, greatest }] of held) {
    const kept = Object.hasOwn(ranges, name) ? ranges[name] : undefined;
    if (kept !== undefined && BigInt(kept.least) >= BigInt(least) && BigInt(kept.greatest) <= BigInt(greatest))
      continue;
    throw new AtlasError(
      'ATLAS_CH_COLUMNS',
      `${place.target}: the column ${name} holds less than it did when this run began: somebody changed the table`,
      { place: { file: place.target }, hint: 'Run again.' },
    );
  }
}

/** Rows in a staging table; once they are whole, what they become part of. */
class TableDraft implements Draft {
  readonly #place: TablePlace;
  readonly #plan: TablePlan;
  readonly #run: string;
  readonly #shape: TableShape;
  readonly #stage: string;
  readonly #inserts: BlockInserts;
  #rows = 0;
  #staged = false;

  constructor(place: TablePlace, plan: TablePlan, run: string, shape: TableShape) {
    this.#place = place;
    this.#plan = plan;
    this.#run = run;
    this.#shape = shape;
    this.#stage = place.draftName('stage', run);
    const { schema, blockRows: rows, blockBytes: bytes } = plan;
    const name = `${this.#stage.slice(1)}-insert`;
    this.#inserts = new BlockInserts(place, { table: this.#stage, schema, rows, bytes, name });
  }

  async write(fragment: Fragment, options: Abortable): Promise<void> {
    await this.#inserts.write(fragment, options);
    this.#rows += fragment.rows;
  }

  async stage(options: Abortable): Promise<Staged> {
    await this.#inserts.finish(options);
    const parts = await this.#count(options);
    const { mode, exclusive } = this.#plan;
    const partitions = byPartition(parts).size;
    const shared = this.#shape.kind === 'live' && !exclusive;
    const staged =
      mode === 'replace_partitions' && shared && partitions <= 1
        ? await this.#inSteps('replace', parts, options)
        : this.#isDirect()
          ? await this.#inSteps('insert', parts, options)
          : mode === 'append' && shared
            ? await this.#inSteps('move', parts, options)
            : await this.#inOneStep(parts, options);
    this.#staged = true;
    return staged;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#staged) return;
    await this.#inserts.abort(new AtlasError('ATLAS_INTERNAL', 'the draft was given up'));
    const through = { signal: new AbortController().signal };
    for (const kind of ['stage', 'next'] as const) {
      await dropTable(this.#place, this.#place.draftName(kind, this.#run), through).catch(() => {});
    }
  }

  /** What the staging table holds, counted in two ways: part by part, and by a query. */
  async #count(options: Abortable): Promise<readonly Part[]> {
    const parts = await findParts(this.#place, this.#stage, options);
    const table = this.#place.sql(this.#stage);
    const settings = { select_sequential_consistency: 1 };
    const [row] = await this.#place.server.query({ sql: `SELECT count() AS rows FROM ${table}`, settings }, options);
    for (const found of [rowsOf(parts), Number(row?.['rows'])]) {
      if (found === this.#rows) continue;
      throw new AtlasError(
        'ATLAS_ROWS_UNACCOUNTED',
        `${this.#rows} rows were sent to ${this.#place.called(this.#stage)}, it holds ${found}`,
        { place: { file: this.#place.target } },
      );
    }
    return parts;
  }

  /** The target will be another table: what stays of it, and what was staged. */
  async #inOneStep(parts: readonly Part[], options: Abortable): Promise<Staged> {
    const place = this.#place;
    const shape = this.#shape;
    const { mode } = this.#plan;
    let onto: Identity | undefined = shape.kind === 'new' ? { kind: 'absent' } : undefined;
    let kept: readonly Part[] = [];
    if (shape.kind === 'live' && mode !== 'overwrite') {
      onto = { kind: 'table', uuid: shape.table.uuid, mark: await findMark(place, place.table, options) };
      await refuseMutating(place, options);
      const replaced = mode === 'append' ? new Set<string>() : new Set(parts.map(({ partition }) => partition));
      kept = (await findParts(place, place.table, options)).filter(({ partition }) => !replaced.has(partition));
    }
    const name = place.draftName('next', this.#run);
    const next = await makeNext(place, { name, shape, kept, stage: this.#stage, staged: parts }, options);
    if (shape.kind === 'live' && mode !== 'overwrite') {
      const replaced = mode === 'append' ? [] : [...byPartition(parts).keys()];
      const made = { child: next.uuid, parent: shape.table.uuid, replaced, run: this.#run };
      await recordLineage(place, made, options);
    }
    const rowsBefore = rowsOf(kept);
    return {
      ...this.#facts(shape.kind === 'new' ? 'rename' : 'exchange', parts, next.engine),
      draft: place.called(name),
      post: { kind: 'table', uuid: next.uuid },
      rows: rowsOf(parts) + rowsBefore,
      ...(rowsBefore > 0 && { rowsBefore }),
      ...(onto && { onto }),
    };
  }

  /** The target stays the table that it is. */
  async #inSteps(step: 'move' | 'replace' | 'insert', parts: readonly Part[], options: Abortable): Promise<Staged> {
    const live = await findTable(this.#place, this.#place.table, options);
    if (live === null) {
      throw new AtlasError('ATLAS_TARGET_CONFLICT', `${this.#place.called(this.#place.table)} is gone`, {
        place: { file: this.#place.target },
      });
    }
    const above = highestBlocks(await findParts(this.#place, this.#place.table, options));
    const facts = this.#facts(step, parts, live.engine);
    const partitions = facts.table.partitions.map((each) => ({
      ...each,
      above: above.get(each.id)?.toString() ?? null,
    }));
    // what others added to it before is gone then
    for (const { id, above: highest } of step === 'replace' ? partitions : []) {
      if (highest === null) continue;
      const replaced = { uuid: live.uuid, partition: id, above: BigInt(highest) };
      await recordReplacement(this.#place, replaced, this.#run, options);
    }
    return {
      ...facts,
      draft: this.#place.called(this.#stage),
      post: { kind: 'table', uuid: live.uuid },
      rows: rowsOf(parts),
      table: { ...facts.table, partitions },
    };
  }

  /** Whether views of the target are to see the rows. */
  #isDirect(): boolean {
    const { onViews, mode } = this.#plan;
    return (
      onViews === 'direct' && mode === 'append' && this.#shape.kind === 'live' && this.#shape.table.views.length > 0
    );
  }

  #facts(step: StagedTable['step'], parts: readonly Part[], engine: string) {
    const units: (readonly [string, readonly Part[]])[] =
      step === 'insert' ? parts.map((part) => [part.partition, [part]]) : [...byPartition(parts)];
    const partitions: readonly StagedPartition[] = units.map(([id, of], index) => ({
      id,
      rows: rowsOf(of),
      queryId: `${this.#stage.slice(1)}-${step}-${index}`,
      hashes: of.map(({ hash }) => hash).sort(),
      above: null,
    }));
    return {
      target: this.#place.target,
      files: [],
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
      rowGroups: this.#inserts.blocks,
      table: { step, partitions, willCollapse: willCollapse(engine) },
    };
  }
}
