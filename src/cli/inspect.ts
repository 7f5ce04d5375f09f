import { resolve } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { AtlasError } from '../errors.ts';
import type { InspectOptions } from './command-options.ts';
import { describeParquet, type ParquetDescription } from './describe-parquet.ts';
import type { Io } from './io.ts';
import { cellOf, EXACT_PARSERS, exactSchema } from './parquet-cells.ts';
import { renderParquet } from './render-parquet.ts';
import { snakeKeys } from './snake-keys.ts';

/** What stands in the place of a sensitive value. */
const MASK = '***';

/** `atlas-ingest inspect`: schema, row groups, statistics and first rows of a Parquet file; sensitive columns are masked. */
export async function inspect(options: InspectOptions, io: Io): Promise<number> {
  const path = resolve(io.cwd, options.file);
  let description: ParquetDescription;
  let rows: readonly (readonly ReturnType<typeof cellOf>[])[];
  try {
    const file = await asyncBufferFromFile(path);
    const metadata = await parquetMetadataAsync(file, { parsers: EXACT_PARSERS, geoparquet: false });
    description = describeParquet(path, file.byteLength, metadata);
    rows = await readRows(options.rows, file, metadata, description);
  } catch (cause) {
    if (cause instanceof AtlasError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AtlasError('ATLAS_USAGE', `there is no file ${path}`, { cause });
    throw new AtlasError('ATLAS_PARQUET_INVALID', `${path}: ${message}`, { cause, place: { file: path } });
  }
  if (options.json) {
    const names = description.columns.map(({ name }) => name);
    const objects = rows.map((row) => Object.fromEntries(row.map((cell, index) => [names[index], cell])));
    const facts = snakeKeys(description) as object;
    io.stdout.write(`${JSON.stringify({ inspect_version: 1, ...facts, first_rows: objects })}\n`);
  } else io.stdout.write(renderParquet(description, rows, io));
  return 0;
}

type File = Awaited<ReturnType<typeof asyncBufferFromFile>>;
type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

async function readRows(count: number, file: File, metadata: Metadata, { columns, rows }: ParquetDescription) {
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
