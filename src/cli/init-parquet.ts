import { AtlasError } from '../errors.ts';
import type { FileDescription } from '../flow/file-description.ts';
import type { Abortable } from '../flow/source.ts';
import { pathBelow } from '../metadata/path-below.ts';
import type { ProposedDataset } from '../plan/propose/propose-dataset.ts';
import { proposeDatasetName } from '../plan/propose/propose-names.ts';
import { proposeParquet, sameColumns } from '../plan/propose/propose-parquet.ts';
import { describeFile, isParquet, type Stores } from '../registry.ts';
import { coveringGlob } from './covering-glob.ts';
import type { InitOptions } from './init-options.ts';
import { humanBytes, humanCount } from './units.ts';

type Look = Abortable & { readonly stores: Stores };

/** What is to be written of Parquet files, and said of them. */
export interface ParquetDocument {
  readonly datasets: readonly ProposedDataset[];
  /** For people, a sentence each; empty where nothing is open. */
  readonly notes: readonly string[];
  /** A line a file. */
  readonly summary: readonly string[];
}

/**
 * Looks at the footers of files: one dataset of all where they are alike and a glob names them, else one for each; null where none of them is
 * Parquet. Fails with ATLAS_USAGE where some are, or where something is said of them that only text has; ATLAS_INPUT_*, ATLAS_PARQUET_*.
 */
export async function initParquet(
  paths: readonly string[],
  root: string,
  options: InitOptions,
  look: Look,
): Promise<ParquetDocument | null> {
  const kinds: boolean[] = [];
  for (const path of paths) kinds.push(await isParquet(path, look));
  const other = paths[kinds.indexOf(false)];
  if (!kinds.includes(true)) return null;
  if (other !== undefined) {
    const message = `${paths[kinds.indexOf(true)]} is Parquet, ${other} is not: one kind of files at a time`;
    throw new AtlasError('ATLAS_USAGE', message);
  }
  const [key] = Object.keys(options.given);
  if (key !== undefined) throw new AtlasError('ATLAS_USAGE', `${key} is said of text, and the file is Parquet`);
  const files: FileDescription[] = [];
  // a name is no pattern: what it is relative to is the name itself
  for (const path of paths) files.push(await describeFile(path, path, look));
  return write(files, root, options, look);
}

async function write(
  files: readonly FileDescription[],
  root: string,
  options: InitOptions,
  look: Look,
): Promise<ParquetDocument> {
  const [first] = files as [FileDescription];
  const notes: string[] = [];
  const alike = files.every((file) => sameColumns(first, file));
  const all = files.map(({ path }) => path);
  const glob = files.length > 1 && alike ? await coveringGlob(all, look) : null;
  if (files.length > 1 && glob === null) {
    const why = alike ? 'no pattern matches these files and no others' : 'they do not have the same columns';
    notes.push(`one dataset for each file: ${why}`);
  }
  const taken = new Set<string>();
  const groups = glob === null ? files.map((file) => [file]) : [files];
  const datasets = groups.map((group, index) => {
    const path = glob ?? (group[0] as FileDescription).path;
    const after = glob?.includes('{') === true ? first.path : path.replaceAll('*', '');
    const name = (index === 0 ? options.name : null) ?? proposeDatasetName(after, taken);
    taken.add(name);
    const { proposed, left } = proposeParquet({ name, path: pathBelow(root, path) || path }, group);
    for (const { name: column, what } of left) {
      notes.push(`${group[0]?.path}: ${column} is left out: it is ${what}, which no feature can hold`);
    }
    return proposed;
  });
  return { datasets, notes, summary: files.map(summarize) };
}

function summarize({ path, bytes, rows, columns }: FileDescription): string {
  const counts = `${humanCount(rows)} ${rows === 1 ? 'row' : 'rows'}, ${columns.length} ${columns.length === 1 ? 'column' : 'columns'}`;
  return `${path}: Parquet, ${humanBytes(bytes)}, ${counts}`;
}
