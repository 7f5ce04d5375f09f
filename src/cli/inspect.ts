import { resolve } from 'node:path';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { AtlasError } from '../errors.ts';
import { formatHdfsPath, parseHdfsPath } from '../metadata/hdfs-path.ts';
import { openStores } from '../registry.ts';
import type { InspectOptions } from './command-options.ts';
import { connectionsFor } from './connections-for.ts';
import { describeParquet, type ParquetDescription } from './describe-parquet.ts';
import type { Io } from './io.ts';
import { parquetBuffer } from './parquet-buffer.ts';
import { cellOf, EXACT_PARSERS, exactSchema } from './parquet-cells.ts';
import { renderParquet } from './render-parquet.ts';
import { snakeKeys } from './snake-keys.ts';
import { stopOnSignal } from './stop-on-signal.ts';

/** What stands in the place of a sensitive value. */
const MASK = '***';

/** `atlas-ingest inspect`: schema, row groups, statistics and first rows of a Parquet file; sensitive columns are masked. */
export async function inspect(options: InspectOptions, io: Io): Promise<number> {
  const name = namedFile(options.file, io.cwd);
  using stop = stopOnSignal('text', io);
  await using stores = openStores(await connectionsFor([name], options.ocs, options, io));
  const store = await stores.of(name);
  let description: ParquetDescription;
  let rows: readonly (readonly ReturnType<typeof cellOf>[])[];
  try {
    const path = await store.resolve(name, stop);
    const found = await store.look(path, stop);
    if (found.kind === 'absent') throw new AtlasError('ATLAS_USAGE', `there is no file ${name}`);
    if (found.kind !== 'file') throw new AtlasError('ATLAS_USAGE', `${name} is a ${found.kind}, no file`);
    await using reader = await store.open(path, stop);
    const file = parquetBuffer(reader);
    const metadata = await parquetMetadataAsync(file, { parsers: EXACT_PARSERS, geoparquet: false });
    description = describeParquet(name, file.byteLength, metadata);
    rows = await readRows(options.rows, file, metadata, description);
  } catch (cause) {
    if (cause instanceof AtlasError) throw cause;
    const { message } = cause as Error;
    throw new AtlasError('ATLAS_PARQUET_INVALID', `${name}: ${message}`, { cause, place: { file: name } });
  }
  if (options.json) {
    const names = description.columns.map(({ name }) => name);
    const objects = rows.map((row) => Object.fromEntries(row.map((cell, index) => [names[index], cell])));
    const facts = snakeKeys(description) as object;
    io.stdout.write(`${JSON.stringify({ inspect_version: 1, ...facts, first_rows: objects })}\n`);
  } else io.stdout.write(renderParquet(description, rows, io));
  return 0;
}

/** A name on a connection, or a local path made absolute. */
function namedFile(file: string, cwd: string): string {
  const hdfs = parseHdfsPath(file);
  return hdfs === null ? resolve(cwd, file) : formatHdfsPath(hdfs);
}

type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

async function readRows(count: number, file: AsyncBuffer, metadata: Metadata, { columns, rows }: ParquetDescription) {
  const wanted = Math.min(count, rows);
  if (wanted === 0) return [];
  const { compressors } = await import('hyparquet-compressors');
  const objects = await parquetReadObjects({
    file,
    metadata: { ...metadata, schema: exactSchema(metadata.schema) },
    rowStart: 0,
    rowEnd: wanted,
    compressors,
    parsers: EXACT_PARSERS,
    geoparquet: false,
  });
  const elements = new Map(metadata.schema.map((element) => [element.name, element]));
  return objects.map((row) =>
    columns.map(({ name, sensitive }) => {
      const element = elements.get(name);
      const cell = element ? cellOf(row[name], element) : null;
      return sensitive && cell !== null ? MASK : cell;
    }),
  );
}
