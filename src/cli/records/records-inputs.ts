import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { AtlasError } from '../../errors.ts';
import { formatHdfsPath, nearHdfsProblem, parseHdfsPath } from '../../metadata/hdfs-path.ts';
import { schemeOf } from '../../metadata/path-scheme.ts';
import { listInputs, type Stores } from '../../registry.ts';
import { type SpooledInput, spoolInput } from './spool-input.ts';

/** One file of records. */
export interface RecordsInput {
  /** As messages and results call it: absolute, `hdfs://…`, or `-`. */
  readonly name: string;
  /** Where it is read. */
  readonly path: string;
}

/** The files that were named, each once, in the order they stand; those of a glob by name. Disposing removes what standard input was spooled to. */
export interface RecordsInputs extends AsyncDisposable {
  readonly inputs: readonly RecordsInput[];
}

/** A typed file as a path: absolute, or `hdfs://…`, or `-`. Fails with ATLAS_USAGE. */
export function pathOfFile(file: string, cwd: string): string {
  if (file === '-') return file;
  const near = nearHdfsProblem(file);
  if (near !== null) throw new AtlasError('ATLAS_USAGE', near.message, { hint: near.hint });
  const hdfs = parseHdfsPath(file);
  if (hdfs !== null) return formatHdfsPath(hdfs);
  if (schemeOf(file) === null) return resolve(cwd, file);
  throw new AtlasError('ATLAS_USAGE', `${file.replace(/:\/\/.*/, '://…')} is no file that can be read from here`, {
    hint: 'Name local files, or hdfs://<connection>/….',
  });
}

/** Finds the files of paths and globs. Fails with ATLAS_INPUT_NOT_FOUND where a glob matches none, and as `spoolInput` does. */
export async function listRecords(
  paths: readonly string[],
  {
    standardInput,
    stateFolder,
    root,
  }: { readonly standardInput: Readable; readonly stateFolder: string; readonly root: string },
  { stores, signal }: { readonly stores: Stores; readonly signal: AbortSignal },
): Promise<RecordsInputs> {
  const inputs = new Map<string, RecordsInput>();
  let spooled: SpooledInput | null = null;
  for (const path of paths) {
    if (path === '-') {
      spooled = await spoolInput(standardInput, stateFolder, { signal });
      inputs.set(path, { name: path, path: spooled.path });
      continue;
    }
    for (const each of await listInputs(path, root, { stores, signal })) inputs.set(each, { name: each, path: each });
  }
  return {
    inputs: [...inputs.values()],
    [Symbol.asyncDispose]: async () => {
      await spooled?.[Symbol.asyncDispose]();
    },
  };
}
