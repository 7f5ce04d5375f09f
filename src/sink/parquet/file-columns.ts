import { type FileMetaData, parquetMetadata, parquetMetadataAsync } from 'hyparquet';
import { AtlasError } from '../../errors.ts';
import { joinPath } from '../../store/path.ts';
import type { Store, StoreOptions } from '../../store/store.ts';
import type { NewLayout } from './file-layout.ts';
import { type NamedType, spellElement } from './spell-element.ts';
import type { TargetPlace } from './target-place.ts';

/** What the files of a plan hold, for comparison with what is there. */
export interface FileColumns {
  readonly newLayout: NewLayout;
  readonly partitionBy: readonly string[];
  /** Whether columns may come that the folder's files do not have. */
  readonly evolves: boolean;
}

/** Folders below each other that are looked into. */
const DEEPEST = 32;

/**
 * Holds the columns of files to come against those of one that is in the folder, by its footer, and against the names of its folders.
 * Nothing there is fine. Fails with ATLAS_TARGET_SCHEMA, or ATLAS_PARQUET_INVALID where that file cannot be read.
 */
export async function checkFileColumns(place: TargetPlace, plan: FileColumns, options: StoreOptions): Promise<void> {
  const { store, target } = place;
  if ((await store.look(target, options)).kind !== 'folder') return;
  const path = await findParquet(store, target, [], options);
  if (path === null) return;
  const file = joinPath(target, ...path);
  const parts = path.slice(0, -1).flatMap((name) => (name.includes('=') ? [name.slice(0, name.indexOf('='))] : []));
  if (parts.join('\n') !== plan.partitionBy.join('\n')) {
    throw other(`${target} is partitioned by ${listed(parts)}, the plan by ${listed(plan.partitionBy)}`, file);
  }
  const differences = compare(await columnsOf(store, file, options), newColumns(plan), plan.evolves);
  if (differences.length === 0) return;
  throw other(`${target} holds files of other columns (${file}): ${differences.join('; ')}`, file);
}

function compare(there: readonly NamedType[], now: readonly NamedType[], evolves: boolean): readonly string[] {
  const old = new Map(there.map(({ name, type }) => [name, type]));
  const names = new Set(now.map(({ name }) => name));
  const differences = now.flatMap(({ name, type, nullable }) => {
    const was = old.get(name);
    if (was === type || (was === undefined && evolves && nullable)) return [];
    return [
      was === undefined ? `${name} is not there, and would be ${type}` : `${name} is ${was}, and would be ${type}`,
    ];
  });
  const gone = there
    .filter(({ name }) => !names.has(name))
    .map(({ name, type }) => `${name} is ${type}, and would be missing`);
  return [...differences, ...gone];
}

/** The path of the first file that a reader would see, names in order. */
async function findParquet(
  store: Store,
  root: string,
  inside: readonly string[],
  options: StoreOptions,
): Promise<readonly string[] | null> {
  const entries = (await store.list(joinPath(root, ...inside), options)).filter(({ name }) => !/^[._]/.test(name));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const file = entries.find(({ kind, name }) => kind === 'file' && name.endsWith('.parquet'));
  if (file !== undefined) return [...inside, file.name];
  if (inside.length === DEEPEST) return null;
  for (const { name, kind } of entries) {
    if (kind !== 'folder') continue;
    const found = await findParquet(store, root, [...inside, name], options);
    if (found !== null) return found;
  }
  return null;
}

async function columnsOf(store: Store, path: string, options: StoreOptions): Promise<readonly NamedType[]> {
  await using reader = await store.open(path, options);
  const slice = async (from: number, to: number = reader.length) => (await reader.read(from, to)).buffer;
  try {
    return columns(await parquetMetadataAsync({ byteLength: reader.length, slice }));
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AtlasError('ATLAS_PARQUET_INVALID', `${path}: ${reason}`, { cause: error, place: { file: path } });
  }
}

/** What a file without rows says of itself. */
function newColumns({ newLayout }: FileColumns): readonly NamedType[] {
  const layout = newLayout();
  const bytes = Buffer.concat([layout.begin(), layout.end()]);
  return columns(parquetMetadata(new Uint8Array(bytes).buffer));
}

function columns({ schema }: FileMetaData): readonly NamedType[] {
  const found: NamedType[] = [];
  // the first element is the root; columns within columns are no type that we write
  for (let at = 1; at < schema.length; at += 1) {
    const element = schema[at];
    if (element !== undefined) found.push(spellElement(element));
    at += descendants(schema, at);
  }
  return found;
}

function descendants(schema: FileMetaData['schema'], at: number): number {
  let count = 0;
  for (let child = 0; child < (schema[at]?.num_children ?? 0); child += 1) {
    count += 1;
    count += descendants(schema, at + count);
  }
  return count;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

function other(message: string, file: string): AtlasError {
  return new AtlasError('ATLAS_TARGET_SCHEMA', message, { place: { file } });
}
