import type { FileMetaData, SchemaElement, Statistics } from 'hyparquet';
import { cellOf, isDecimal } from './parquet-cells.ts';
import { columnTypeText, unscaledOf } from './parquet-text.ts';

type Cell = ReturnType<typeof cellOf>;

export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly sensitive: boolean;
  /** Nulls by the statistics; null where a row group does not say. */
  readonly nulls: number | null;
  /** Over all row groups; null where one does not say, or the column is sensitive. */
  readonly min: Cell;
  readonly max: Cell;
  readonly compressedBytes: number;
  readonly uncompressedBytes: number;
  readonly codecs: readonly string[];
  readonly encodings: readonly string[];
}

export interface ChunkDescription {
  readonly column: string;
  readonly min: Cell;
  readonly max: Cell;
  readonly nulls: number | null;
  readonly compressedBytes: number;
}

export interface ParquetDescription {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly createdBy: string | null;
  /** Key-value metadata, but for the Arrow schema. */
  readonly keyValues: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnDescription[];
  readonly rowGroups: readonly {
    readonly rows: number;
    readonly compressedBytes: number;
    readonly columns: readonly ChunkDescription[];
  }[];
}

/** The facts of a Parquet file from its footer; bounds of sensitive columns are left out. */
export function describeParquet(path: string, bytes: number, metadata: FileMetaData): ParquetDescription {
  const pairs = (metadata.key_value_metadata ?? []).filter(({ key }) => key !== 'ARROW:schema');
  const keyValues = Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? '']));
  const sensitive = new Set(sensitiveNames(keyValues['atlas.sensitive']));
  const leaves = metadata.schema.filter((element, index) => index > 0 && element.num_children === undefined);
  const chunks = (index: number) => metadata.row_groups.map((group) => group.columns[index]?.meta_data);
  return {
    path,
    bytes,
    rows: Number(metadata.num_rows),
    createdBy: metadata.created_by ?? null,
    keyValues,
    columns: leaves.map((element, index) => ({
      name: element.name,
      type: columnTypeText(element),
      nullable: element.repetition_type !== 'REQUIRED',
      sensitive: sensitive.has(element.name),
      nulls: sumOrNull(chunks(index).map((chunk) => count(chunk?.statistics?.null_count))),
      min: sensitive.has(element.name) ? null : boundOfAll(chunks(index).map(lowest), element, -1),
      max: sensitive.has(element.name) ? null : boundOfAll(chunks(index).map(highest), element, 1),
      compressedBytes: sum(chunks(index).map((chunk) => Number(chunk?.total_compressed_size ?? 0))),
      uncompressedBytes: sum(chunks(index).map((chunk) => Number(chunk?.total_uncompressed_size ?? 0))),
      codecs: unique(chunks(index).map((chunk) => chunk?.codec)),
      encodings: unique(chunks(index).flatMap((chunk) => chunk?.encodings)),
    })),
    rowGroups: metadata.row_groups.map((group) => ({
      rows: Number(group.num_rows),
      compressedBytes: sum(group.columns.map(({ meta_data: chunk }) => Number(chunk?.total_compressed_size ?? 0))),
      columns: leaves.map((element, index) => {
        const chunk = group.columns[index]?.meta_data;
        const bounds = chunk?.statistics;
        const shown = sensitive.has(element.name) ? undefined : bounds;
        return {
          column: element.name,
          min: boundOf(lowest({ statistics: shown }), element),
          max: boundOf(highest({ statistics: shown }), element),
          nulls: count(bounds?.null_count),
          compressedBytes: Number(chunk?.total_compressed_size ?? 0),
        };
      }),
    })),
  };
}

type Bounded = { readonly statistics?: Statistics | undefined } | undefined;

function lowest(chunk: Bounded): unknown {
  return chunk?.statistics?.min_value ?? chunk?.statistics?.min;
}

function highest(chunk: Bounded): unknown {
  return chunk?.statistics?.max_value ?? chunk?.statistics?.max;
}

/** The outermost of the bounds of all row groups (`way` -1 = lowest, 1 = highest), where they can be compared. */
function boundOfAll(bounds: readonly unknown[], element: SchemaElement, way: 1 | -1): Cell {
  const known = bounds.filter((bound) => bound !== undefined).map((bound) => comparable(bound, element));
  if (known.length === 0 || known.some((bound) => bound === null)) return null;
  const [first, ...others] = known as [Comparable, ...Comparable[]];
  return boundOf(
    others.reduce<Comparable>((best, each) => ((way === 1 ? each > best : each < best) ? each : best), first),
    element,
  );
}

type Comparable = number | bigint | string | boolean;

function comparable(bound: unknown, element: SchemaElement): Comparable | null {
  if (bound instanceof Uint8Array) return isDecimal(element) ? unscaledOf(bound) : null;
  if (typeof bound === 'object' || bound === undefined) return null;
  return bound as Comparable;
}

/** hyparquet makes floats of the bounds of decimals: exact up to 2^53 units of the last digit, about right beyond. */
function boundOf(value: unknown, element: SchemaElement): Cell {
  if (!isDecimal(element) || typeof value !== 'number') return cellOf(value, element);
  const scale = element.scale ?? 0;
  const exact = Math.abs(value) * 10 ** scale < Number.MAX_SAFE_INTEGER;
  return `${exact ? '' : '≈ '}${value.toFixed(scale)}`;
}

function sensitiveNames(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const names: unknown = JSON.parse(text);
  return Array.isArray(names) ? names.map(String) : [];
}

function count(value: bigint | number | undefined): number | null {
  return value === undefined ? null : Number(value);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, each) => (total === null || each === null ? null : total + each), 0);
}

function unique(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
