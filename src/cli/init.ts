import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { Connections } from '../flow/connections.ts';
import { formatHdfsPath, nearHdfsProblem, parseHdfsPath } from '../metadata/hdfs-path.ts';
import { parseGroup } from '../metadata/parse-group.ts';
import { schemeOf } from '../metadata/path-scheme.ts';
import { SAFE_NAME } from '../metadata/safe-name.ts';
import { planGroup } from '../plan/plan-group.ts';
import { isDatabaseUrl } from '../plan/propose/database-url.ts';
import { renderDocument } from '../plan/propose/render-document.ts';
import { openStores } from '../registry.ts';
import { connectionsFor } from './connections-for.ts';
import { type Folders, findFolders } from './folders.ts';
import { initDatasets } from './init-datasets.ts';
import { initJsonl } from './init-jsonl.ts';
import type { InitOptions } from './init-options.ts';
import { initParquet } from './init-parquet.ts';
import type { Io } from './io.ts';
import { type LookedAtFile, lookAtFile } from './look-at-file.ts';
import { renderInit } from './render-init.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** `atlas-ingest init`: looks at files, all of them, and writes the document that loads them. */
export async function init(options: InitOptions, io: Io): Promise<number> {
  const folders = foldersOf(options, io);
  const target = options.ocs === null ? null : await targetOf(options.ocs, folders, options.force);
  using stop = stopOnSignal('text', io);
  const schema = existsSync(join(folders.metadata, 'schema/group.schema.json')) ? './schema/group.schema.json' : null;
  if (options.files.some(isDatabaseUrl)) {
    refuseOthers(options);
    const { initDatabase } = await import('./init-database.ts');
    const { text, notes } = await initDatabase(options, { root: folders.root, schema }, { signal: stop.signal });
    for (const note of notes) io.stderr.write(`${note}\n`);
    return give(text, target, options, io);
  }
  if (options.tables.length > 0) throw new AtlasError('ATLAS_USAGE', '--table is of a database, and files are named');
  const files: LookedAtFile[] = [];
  const paths = pathsOf(options, io);
  const connections = await connectionsFor(paths, null, options, io);
  await using stores = openStores(connections);
  const look = { signal: stop.signal, stores };
  const parquet = await initParquet(paths, folders.root, options, look);
  if (parquet !== null) {
    const text = renderDocument({ schema, ocs: null }, parquet.datasets);
    prove(text, options.ocs ?? 'proposed', paths[0] ?? '', folders, connections);
    const said = [...(options.explain || io.stderr.isTTY ? parquet.summary : []), ...parquet.notes];
    for (const sentence of said) io.stderr.write(`${sentence}\n`);
    return give(text, target, options, io);
  }
  const lines = await initJsonl(paths, folders.root, options, look, io);
  if (lines !== null) {
    const text = renderDocument({ schema, ocs: null }, lines.datasets);
    prove(text, options.ocs ?? 'proposed', paths[0] ?? '', folders, connections);
    io.stderr.write(lines.said);
    return give(text, target, options, io);
  }
  for (const path of paths) files.push(await lookAtFile(path, folders.root, options.given, look));
  const { datasets, apart } = await initDatasets(files, folders.root, options, look);
  const text = renderDocument(
    { schema, ocs: null },
    datasets.map(({ proposed }) => proposed),
  );
  prove(text, options.ocs ?? 'proposed', datasets[0]?.files[0]?.path ?? '', folders, connections);
  io.stderr.write(renderInit(datasets, apart, options.explain, io));
  return give(text, target, options, io);
}

/** Prints a document, or writes it where it belongs. */
async function give(text: string, target: string | null, options: InitOptions, io: Io): Promise<number> {
  if (target === null) {
    io.stdout.write(text);
    return 0;
  }
  await writeFile(target, text, { flag: options.force ? 'w' : 'wx' });
  const next = `atlas-ingest run --ocs ${options.ocs}`;
  io.stderr.write(`wrote ${relative(io.cwd, target)}; next: ${next}\n`);
  return 0;
}

/** One database at a time, and nothing that is said of files. */
function refuseOthers({ files, given }: InitOptions): void {
  if (files.length > 1) throw new AtlasError('ATLAS_USAGE', 'one database at a time, and no files beside it');
  const [key] = Object.keys(given);
  if (key !== undefined) throw new AtlasError('ATLAS_USAGE', `${key} is said of a file, and a database is named`);
}

/** The project's folders; without one the working directory stands for it, where `--ocs` does not need it. */
function foldersOf(options: InitOptions, io: Io): Pick<Folders, 'metadata' | 'root'> {
  try {
    return findFolders(options, io);
  } catch (error) {
    if (options.metadata !== null || options.ocs !== null) throw error;
    return { metadata: join(io.cwd, 'metadata'), root: io.cwd };
  }
}

function pathsOf({ files }: InitOptions, io: Io): readonly string[] {
  const paths = files.map((file) => {
    if (file === '-') {
      throw new AtlasError('ATLAS_USAGE', 'standard input can be read once, and init reads its files more than once', {
        hint: 'Write it to a file first.',
      });
    }
    const near = nearHdfsProblem(file);
    if (near !== null) throw new AtlasError('ATLAS_USAGE', near.message, { hint: near.hint });
    const hdfs = parseHdfsPath(file);
    if (hdfs !== null) return formatHdfsPath(hdfs);
    if (schemeOf(file) === null) return resolve(io.cwd, file);
    throw new AtlasError('ATLAS_USAGE', `${file.replace(/:\/\/.*/, '://…')} is no file that init knows`, {
      hint: 'Name CSV, JSON lines or Parquet files, local or hdfs://<connection>/….',
    });
  });
  return [...new Set(paths)];
}

/** Where the document of a group goes. Fails with ATLAS_USAGE where the name cannot be one, or is taken. */
async function targetOf(ocs: string, { metadata }: Pick<Folders, 'metadata'>, force: boolean): Promise<string> {
  if (!SAFE_NAME.test(ocs)) {
    throw new AtlasError('ATLAS_USAGE', `--ocs is ${JSON.stringify(ocs)}, letters, digits, _ and - are possible`);
  }
  const plain = join(metadata, `${ocs}.json`);
  const target = join(metadata, `${ocs}.jsonc`);
  const taken = [plain, target].find((path) => existsSync(path));
  if (taken === undefined || (force && taken === target)) return target;
  throw new AtlasError('ATLAS_USAGE', `${taken} is there already`, {
    place: { file: taken },
    hint:
      taken === target
        ? 'Choose another name, print to standard output by leaving --ocs out, or give --force to replace it.'
        : 'Choose another name, or print to standard output by leaving --ocs out.',
  });
}

/** What is printed can be loaded and planned. Fails with ATLAS_INIT_UNDECIDED where something in the files stands against it. */
function prove(
  text: string,
  ocs: string,
  file: string,
  { root }: Pick<Folders, 'root'>,
  connections: Connections,
): void {
  // they stand in documents of their own, and are known to be right by now
  const shared = Object.values(connections).flatMap((each) =>
    each.type === 'webhdfs' ? [[each.name, { type: each.type, url: each.urls }]] : [],
  );
  const { group, problems } = parseGroup(text, `${ocs}.jsonc`, {
    variables: {},
    files: new Map(),
    connections: [{ file: '_connections.json', text: JSON.stringify(Object.fromEntries(shared)) }],
  });
  if (group === null) {
    const messages = problems.map(({ message }) => message).join('; ');
    throw new AtlasError('ATLAS_INIT_UNDECIDED', `${file}: no document can say how to read it: ${messages}`, {
      place: { file },
    });
  }
  planGroup(group, group.dataset_config, { root, variables: {} });
}
