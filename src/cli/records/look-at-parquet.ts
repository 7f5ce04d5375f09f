import { parquetMetadataAsync } from 'hyparquet';
import { AtlasError } from '../../errors.ts';
import type { FileColumn } from '../../flow/file-description.ts';
import { proposeFeatureNames } from '../../plan/propose/propose-names.ts';
import { literalPath } from '../../plan/propose/propose-source.ts';
import { describeFile, type Stores } from '../../registry.ts';
import { describeParquet } from '../describe-parquet.ts';
import { parquetBuffer } from '../parquet-buffer.ts';
import { EXACT_PARSERS } from '../parquet-cells.ts';
import type { Look } from './look.ts';
import type { RecordsFile } from './records-file.ts';
import type { RecordsInput } from './records-inputs.ts';

/** Looks at a Parquet file: its schema says the types, its statistics where nulls are. Nested columns become JSON text. */
export async function lookAtParquet(
  { name, path }: RecordsInput,
  { root, stores, signal }: Look,
): Promise<Omit<RecordsFile, 'input' | 'found'>> {
  const { rows, bytes, columns } = await describeFile(path, root, { stores, signal });
  refuseTwins(name, columns);
  const full = await columnsWithoutNulls(path, stores, signal);
  const names = proposeFeatureNames(columns.map((column) => column.name));
  const nested = columns.filter((column) => column.nested && column.type !== null);
  return {
    bytes,
    rows,
    damaged: 0,
    source: { type: 'parquet', path: literalPath(path) },
    columns: columns.map((column, index) => ({
      name: names[index] ?? column.name,
      from: column.name,
      type: typeOf(name, column),
      nullable: column.nullable && (column.nested || !full.has(column.name)),
      blank: false,
      spelling: {},
    })),
    notes: nested.map(
      (column) => `${name}: ${JSON.stringify(column.name)} is ${column.what}, and is taken as JSON text`,
    ),
  };
}

function typeOf(name: string, column: FileColumn): string {
  if (column.type !== null) return column.type;
  const message = `${name}: column ${JSON.stringify(column.name)} is ${column.what}, which no column can hold`;
  throw new AtlasError('ATLAS_PARQUET_UNSUPPORTED', message, { place: { file: name, column: column.name } });
}

function refuseTwins(name: string, columns: readonly FileColumn[]): void {
  const seen = new Set<string>();
  for (const column of columns) {
    if (seen.has(column.name)) {
      const message = `${name}: column ${JSON.stringify(column.name)} stands there twice`;
      throw new AtlasError('ATLAS_PARQUET_COLUMN', message, { place: { file: name, column: column.name } });
    }
    seen.add(column.name);
  }
}

/** Columns of which every row group says that none of its values is null. */
async function columnsWithoutNulls(path: string, stores: Stores, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const store = await stores.of(path);
  await using reader = await store.open(await store.resolve(path, { signal }), { signal });
  const buffer = parquetBuffer(reader);
  const metadata = await parquetMetadataAsync(buffer, { parsers: EXACT_PARSERS, geoparquet: false });
  const { columns } = describeParquet(path, buffer.byteLength, metadata);
  // a part of a nested column may be called the same
  const often = (each: string): number => columns.filter((column) => column.name === each).length;
  return new Set(columns.flatMap(({ name, nulls }) => (nulls === 0 && often(name) === 1 ? [name] : [])));
}
