import { AtlasError } from '../../errors.ts';
import { findMutations } from './find-mutations.ts';
import { byPartition, findParts, type Part } from './find-parts.ts';
import { type FoundTable, findTable } from './find-table.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import { changeColumns, makeTable, type TableShape } from './staging-table.ts';
import type { TablePlace } from './table-place.ts';

/** Of what the target will be made. */
export interface NextParts {
  /** Name to make. */
  readonly name: string;
  readonly shape: TableShape;
  /** Parts of the target that stay. */
  readonly kept: readonly Part[];
  /** Staging table, and what it holds. */
  readonly stage: string;
  readonly staged: readonly Part[];
}

/**
 * Makes what will be the target: a table of the same shape, with hard links to the parts that stay and to those that were staged. Each
 * of them is looked for afterwards, by the hash of its files. Answers the table.
 */
export async function makeNext(place: TablePlace, parts: NextParts, waiting: Waiting): Promise<FoundTable> {
  const { name, shape, kept, stage, staged } = parts;
  await makeTable(place, name, shape, waiting);
  for (const partition of byPartition(kept).keys()) await attach(place, name, partition, place.table, waiting);
  // columns that are rewritten have other hashes
  const changes = shape.kind === 'live' ? shape.changes : [];
  if (changes.length > 0) await refuseMissing(place, name, kept, waiting);
  await changeColumns(place, name, changes, waiting);
  for (const partition of byPartition(staged).keys()) await attach(place, name, partition, stage, waiting);
  await refuseMissing(place, name, changes.length > 0 ? staged : [...kept, ...staged], waiting);
  const made = await findTable(place, name, waiting);
  if (made === null) throw new AtlasError('ATLAS_INTERNAL', `${place.called(name)} is gone`);
  return made;
}

async function refuseMissing(place: TablePlace, name: string, parts: readonly Part[], waiting: Waiting): Promise<void> {
  // parts that the server has merged by now are kept for minutes
  const there = await findParts(place, name, waiting, { all: true });
  const missing = without(parts, there);
  if (missing.length > 0) {
    const [one] = missing;
    throw new AtlasError(
      'ATLAS_VERIFY_FAILED',
      `${place.called(name)} lacks ${missing.length} of ${parts.length} parts, among them ${one?.name} of ${one?.rows} rows`,
      { hint: 'Somebody changed the table while rows were added to it. Nothing was published: run again.' },
    );
  }
}

/** Refuses a table that ALTER … UPDATE or DELETE is still at work on: parts taken from it would miss that. */
export async function refuseMutating(place: TablePlace, waiting: Waiting): Promise<void> {
  const { open } = await findMutations(place, place.table, waiting);
  if (open === 0) return;
  const message = `${open} mutations of ${place.called(place.table)} are not done`;
  throw new AtlasError('ATLAS_CH_BUSY', message, {
    place: { file: place.target },
    hint: 'Wait until system.mutations says that they are done, or KILL MUTATION, then run again.',
  });
}

/** Partition ids are letters, digits and dashes. */
export function partitionSql(id: string): string {
  if (!/^[\w-]+$/.test(id)) throw new AtlasError('ATLAS_INTERNAL', `no partition id: ${id.length} characters`);
  return `PARTITION ID '${id}'`;
}

async function attach(place: TablePlace, to: string, partition: string, from: string, waiting: Waiting): Promise<void> {
  const sql = `ALTER TABLE ${place.sql(to)} ATTACH ${partitionSql(partition)} FROM ${place.sql(from)}`;
  await place.command(sql, waiting);
}

/** Those whose hashes are not found, each as often as it is there. */
function without(parts: readonly Part[], found: readonly Part[]): readonly Part[] {
  const left = new Map<string, number>();
  for (const { hash } of found) left.set(hash, (left.get(hash) ?? 0) + 1);
  return parts.filter(({ hash }) => {
    const count = left.get(hash) ?? 0;
    left.set(hash, count - 1);
    return count <= 0;
  });
}
