import type { InputProfile } from '../flow/profile.ts';
import type { Evidence } from '../flow/sniff.ts';
import type { Abortable } from '../flow/source.ts';
import { pathBelow } from '../metadata/path-below.ts';
import { guessColumns } from '../plan/propose/guess-columns.ts';
import { whyApart } from '../plan/propose/join-inputs.ts';
import { type ProposedDataset, proposeDataset } from '../plan/propose/propose-dataset.ts';
import { proposeDatasetName } from '../plan/propose/propose-names.ts';
import type { Stores } from '../registry.ts';
import { coveringGlob } from './covering-glob.ts';
import type { InitOptions } from './init-options.ts';
import type { LookedAtFile } from './look-at-file.ts';

/** A dataset to be written, and what it goes by. */
export interface InitDataset {
  readonly proposed: ProposedDataset;
  readonly name: string;
  readonly files: readonly LookedAtFile[];
  /** Of the files, then of the columns. */
  readonly evidence: readonly Evidence[];
  readonly columns: readonly Evidence[];
  /** How its files differ, a sentence each. */
  readonly drift: readonly string[];
}

/** One dataset of all files where they are alike and a glob names them, else one for each; `apart` says why. */
export async function initDatasets(
  files: readonly LookedAtFile[],
  root: string,
  options: InitOptions,
  look: Abortable & { readonly stores: Stores },
): Promise<{ readonly datasets: readonly InitDataset[]; readonly apart: string | null }> {
  const taken = new Set<string>();
  if (files.length > 1) {
    const why = whyApart(files);
    const glob =
      why === null
        ? await coveringGlob(
            files.map(({ path }) => path),
            look,
          )
        : null;
    if (why === null && glob !== null) {
      const name =
        options.name ??
        proposeDatasetName(glob.includes('{') ? (files[0]?.path ?? '') : glob.replaceAll('*', ''), taken);
      return { datasets: [datasetOf(files, pathOf(glob, root), name, options)], apart: null };
    }
    const apart = why ?? 'no pattern matches these files and no others';
    return { datasets: files.map((file) => single(file, root, options, taken)), apart };
  }
  return { datasets: files.map((file) => single(file, root, options, taken)), apart: null };
}

function single(file: LookedAtFile, root: string, options: InitOptions, taken: Set<string>): InitDataset {
  const name = options.name !== null && taken.size === 0 ? options.name : proposeDatasetName(file.path, taken);
  taken.add(name);
  return datasetOf([file], pathOf(file.path, root), name, options);
}

/** Rows at most that hold values which are not valid in the encoding: those are rejects, whatever their type. */
function unreadableRows({ rows, columns }: InputProfile): number {
  return Math.min(
    rows,
    columns.reduce((sum, { invalid }) => sum + invalid, 0),
  );
}

/** As a document writes it: relative to the folder that holds metadata/ where it is below it. */
function pathOf(path: string, root: string): string {
  return pathBelow(root, path) || path;
}

function datasetOf(files: readonly LookedAtFile[], path: string, name: string, { given }: InitOptions): InitDataset {
  const profiles = files.map(({ profile }) => profile);
  const { columns, evidence, drift } = guessColumns(
    profiles,
    files.some(({ dialect }) => dialect.encoding !== 'utf-8'),
  );
  const [first] = files;
  if (first === undefined) throw new TypeError('a dataset of no file');
  const repeated = files.some(({ dialect }) => dialect.repeatedHeader === 'skip');
  const proposed = proposeDataset({
    name,
    path,
    compression: given.compression ?? 'auto',
    dialect: {
      ...first.dialect,
      columns: columns.map((column) => column.name),
      repeatedHeader: repeated ? 'skip' : 'reject',
    },
    columns,
    rows: profiles.reduce((sum, { rows }) => sum + rows, 0),
    damaged: profiles.reduce((sum, { damaged }) => sum + damaged, 0),
    unreadable: profiles.reduce((sum, profile) => sum + unreadableRows(profile), 0),
    drift: columns.some(({ missing }) => missing),
  });
  return { proposed, name, files, evidence: files.flatMap((file) => file.evidence), columns: evidence, drift };
}
