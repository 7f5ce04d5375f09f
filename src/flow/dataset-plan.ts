import type { Schema } from '../batch/schema.ts';
import type { Encoding } from '../metadata/encodings.ts';
import type { LogicalType } from '../metadata/logical-type.ts';
import type { DecimalSeparator, ThousandsSeparator } from '../metadata/number-separators.ts';
import type { FileColumn } from './file-description.ts';
import type { SqlText } from './sql-text.ts';
import type { DescribedColumn } from './table-description.ts';

/** Where a feature's values come from, other than a column. */
export type Constant =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file' }
  | { readonly kind: 'line' }
  | { readonly kind: 'loaded_at' };

/** How a number is spelled, where that is not digits with a point. */
export interface NumberStyle {
  readonly decimal: DecimalSeparator;
  readonly thousands: ThousandsSeparator | null;
  /** The field must end with `%`; `fraction` divides by a hundred, exactly. */
  readonly percent: 'fraction' | 'number' | null;
  /** May stand before or after the number. */
  readonly currency: string | null;
}

/** Dates in days, timestamps in their unit since 1970, as decimal text; both ends belong to it, and 0 lies between them. */
export interface ValueRange {
  readonly least: string;
  readonly greatest: string;
}

export type OnLoss = 'reject' | 'truncate' | 'round' | 'null';

/** One feature, resolved. `format` and `style` are of sources that hold text. */
export interface FeaturePlan {
  readonly name: string;
  /** Name in the source; without a header the name in `columns`, or the feature's own position. */
  readonly from: string;
  readonly type: LogicalType;
  readonly nullable: boolean;
  readonly sensitive: boolean;
  readonly constant: Constant | null;
  /** strptime pattern (`%d/%m/%Y`), or null for ISO 8601. */
  readonly format: string | null;
  /** IANA zone in which zoneless text is read into a `timestamptz`. */
  readonly timezone: string;
  readonly onLoss: OnLoss;
  /** null where the number is spelled with a point and nothing else, and for types that are no numbers. */
  readonly style: NumberStyle | null;
  /** What the destination holds of a date or timestamp; a value outside is out of range. Left out: all that its type holds. */
  readonly range?: ValueRange;
}

/** A CSV source, resolved: everything a reader in another thread needs. Single characters are byte values. */
export interface CsvSourcePlan {
  readonly type: 'csv';
  /** Absolute path or glob; `-` is standard input. */
  readonly path: string;
  /** Paths among those that `path` names that are not read: their content is at the target already. */
  readonly except?: readonly string[];
  /** Folder that `@file` and rejects name files relative to. */
  readonly root: string;
  readonly compression: 'auto' | 'none' | 'gzip' | 'zstd';
  readonly encoding: Encoding;
  /** The byte that parts fields; where `wideDelimiter` is set, the one that parts them after it was replaced. */
  readonly delimiter: number;
  /** A delimiter of several bytes, or null. */
  readonly wideDelimiter: string | null;
  /** `auto`: decided by the first row of each file. A number: that byte alone ends a row, and CR and LF are text. */
  readonly rowDelimiter: 'auto' | 'lf' | 'cr' | number;
  /** null = no quoting. */
  readonly quote: number | null;
  /** Byte that escapes a quote inside quotes: the quote itself (doubled), or a backslash. */
  readonly escape: number;
  /** Without quoting: backslash escapes (`\\t`, `\\n`, `\\N`) stand in fields. */
  readonly bareEscapes: boolean;
  /** Byte that begins a line to skip, or null. */
  readonly comment: number | null;
  readonly trim: boolean;
  readonly trailingDelimiter: boolean;
  readonly repeatedHeader: 'reject' | 'skip' | 'keep';
  readonly header: boolean;
  /** Names of all columns of a file without a header, in order. */
  readonly columns: readonly string[] | null;
  /** What becomes of a feature whose column an input lacks: an error, or null in every row of that input. */
  readonly missingColumns: 'refuse' | 'null';
  readonly skipRows: number;
  /** Unquoted fields that mean null. */
  readonly nullValues: readonly string[];
  /** Whether a quoted field that reads so is null too. */
  readonly quotedNulls: boolean;
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
  readonly features: readonly FeaturePlan[];
  /** Bytes; also bounds the look-ahead for a closing quote. */
  readonly maxRowBytes: number;
  readonly maxColumns: number;
  /** Nominal bytes of a task. */
  readonly sliceBytes: number;
  /** Bounds on what a compressed input may inflate to. */
  readonly maxInflatedBytes: number;
  readonly maxInflationRatio: number;
}

/** A source of JSON lines, resolved. `from` of a feature is a path of keys (`user.city`). */
export interface JsonlSourcePlan {
  readonly type: 'jsonl';
  /** Absolute path or glob; `-` is standard input. */
  readonly path: string;
  /** Paths among those that `path` names that are not read: their content is at the target already. */
  readonly except?: readonly string[];
  /** Folder that `@file` and rejects name files relative to. */
  readonly root: string;
  readonly compression: 'auto' | 'none' | 'gzip' | 'zstd';
  /** As in other plans; a key that a line lacks is null in that line, whatever it says. */
  readonly missingColumns: 'refuse' | 'null';
  /** Texts that mean null. */
  readonly nullValues: readonly string[];
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
  readonly features: readonly FeaturePlan[];
  /** Bytes of a line. */
  readonly maxRowBytes: number;
  /** Objects and arrays within each other. */
  readonly maxDepth: number;
  /** Nominal bytes of a task. */
  readonly sliceBytes: number;
  /** Bounds on what a compressed input may inflate to. */
  readonly maxInflatedBytes: number;
  readonly maxInflationRatio: number;
}

/** A Parquet source, resolved. */
export interface ParquetSourcePlan {
  readonly type: 'parquet';
  /** Absolute path, glob, or `hdfs://` name. */
  readonly path: string;
  /** Paths among those that `path` names that are not read: their content is at the target already. */
  readonly except?: readonly string[];
  /** Folder that `@file` and rejects name files relative to. */
  readonly root: string;
  /** What becomes of a feature whose column an input lacks: an error, or null in every row of that input. */
  readonly missingColumns: 'refuse' | 'null';
  readonly features: readonly FeaturePlan[];
  /** The features are the file's own (`"*"`): all files have the same types. No part of the plan's hash. */
  readonly own?: boolean;
  /** The file's own columns when it was described; left out where the features are listed. No part of the plan's hash. */
  readonly described?: readonly Pick<FileColumn, 'name' | 'what' | 'nullable'>[];
  /**
   * Row groups that hold what the destination takes, and whose footer proves it, are handed on as they are: at most so many rows together, and
   * decompressed bytes. Left out: all rows are read. No part of the plan's hash.
   */
  readonly pass?: { readonly rows: number; readonly bytes: number };
  /** Bytes of the texts of one row. */
  readonly maxRowBytes: number;
  /** Decompressed bytes of one page. */
  readonly maxPageBytes: number;
  /** Decompressed bytes of the columns taken up to which row groups share a task. */
  readonly sliceBytes: number;
}

/**
 * How a value comes over the wire; byte order and epoch are those of the source's protocol. `text` is cast by the rules of CSV fields,
 * the others exactly or not at all.
 */
export type WireForm =
  | { readonly form: 'text' | 'bytes' | 'bool' | 'uuid' | 'numeric' | 'date' | 'time' | 'timestamp' | 'bits' }
  | { readonly form: 'int'; readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean }
  | { readonly form: 'float'; readonly bytes: 4 | 8 };

/** Where one feature's values come from. */
export interface ColumnPlan {
  /** SQL of the select list, identifiers quoted (`"id"`, `"mood"::text`). */
  readonly expression: string;
  readonly wire: WireForm;
  /** The column's type as the server wrote it when the plan was made; a reader that finds another fails. */
  readonly serverType: string;
}

/** A column of a table, as its server describes it. */
export type TableColumn = Pick<DescribedColumn, 'name' | 'type' | 'nullable'>;

/** Only rows above what was published before. */
export interface IncrementalPlan {
  readonly column: string;
  /** The column's type as the server writes it. */
  readonly serverType: string;
  /** How values of the column are compared and moved; `timestamptz`: an instant, printed with its offset. */
  readonly kind: 'integer' | 'decimal' | 'date' | 'timestamp' | 'timestamptz';
  /** Where the first run begins, exclusive; null = at the first row. */
  readonly initial: string | null;
  /** As declared (`15m`, `1000`); null = none. */
  readonly lag: string | null;
  readonly nulls: 'include' | 'exclude' | 'fail';
}

/** The rows of one run of an incremental dataset, by the column's values as its server writes them; null = open. */
export interface IncrementalRange {
  readonly from: string | null;
  /** Whether rows that equal `from` belong to it. */
  readonly fromInclusive: boolean;
  /** null: the greatest value of the snapshot, inclusive, which becomes the watermark. */
  readonly to: string | null;
  readonly toInclusive: boolean;
  /** Whether rows without a value belong to it. */
  readonly nulls: boolean;
}

interface TablePlan {
  /** What messages and receipts call it: `postgresql://shop/public.orders`, `mysql://shop/(query)`. */
  readonly path: string;
  /** Never set: rows have no content to be known by. */
  readonly except?: readonly string[];
  readonly root: string;
  readonly missingColumns: 'refuse' | 'null';
  readonly connection: string;
  /** Exactly one of the two is not null. */
  readonly relation: { readonly schema: string | null; readonly name: string } | null;
  readonly query: SqlText | null;
  readonly where: SqlText | null;
  readonly features: readonly FeaturePlan[];
  /** Parallel to features; null for a constant, and for a feature that is null in every row because the table has no such column. */
  readonly columns: readonly (ColumnPlan | null)[];
  /** All columns of the table or query when it was described; left out where nothing was asked. No part of the plan's hash. */
  readonly described?: readonly TableColumn[];
  /** The features are the table's own (`"*"`). No part of the plan's hash. */
  readonly own?: boolean;
  /** Of the whole table by its server's statistics, when it was described; null or left out where there are none. No part of the plan's hash. */
  readonly estimatedBytes?: number | null;
  /** Rows of a batch at most. */
  readonly fetchRows: number;
  readonly splitBy: string | null;
  /** Connections at most; null = as many as the run has workers. */
  readonly readers: number | null;
  readonly verifyCount: boolean;
  /** Bytes of one row on the wire. */
  readonly maxRowBytes: number;
  /** Nominal bytes of a task. */
  readonly sliceBytes: number;
  readonly incremental: IncrementalPlan | null;
  /** Of an incremental dataset. Set by the run, and no part of the plan's hash; left out: all rows, and no watermark is surveyed. */
  readonly range?: IncrementalRange;
}

/** A PostgreSQL source, resolved. */
export interface PostgresSourcePlan extends TablePlan {
  readonly type: 'postgresql';
  readonly extraction: 'auto' | 'copy' | 'cursor';
}

/** A MySQL or MariaDB source, resolved. */
export interface MysqlSourcePlan extends TablePlan {
  readonly type: 'mysql';
  readonly consistency: 'snapshot' | 'locked' | 'per_reader';
}

export type TableSourcePlan = PostgresSourcePlan | MysqlSourcePlan;

export type FileSourcePlan = CsvSourcePlan | JsonlSourcePlan | ParquetSourcePlan;

export type SourcePlan = FileSourcePlan | TableSourcePlan;

export type Compression = 'snappy' | 'gzip' | 'zstd' | 'none';

export interface ParquetDestinationPlan {
  readonly type: 'parquet';
  /** Absolute. A file, or a folder where `folder` is true. */
  readonly path: string;
  readonly folder: boolean;
  readonly mode: 'overwrite' | 'append' | 'replace_partitions' | 'error_if_exists';
  /** `versioned`: the folder holds versions, and a pointer to the current one; left out in plans of earlier releases. */
  readonly layout?: 'plain' | 'versioned';
  /** Versions to keep, the current one included. */
  readonly keepVersions?: number;
  readonly compression: Compression;
  /** null = the codec's default. */
  readonly compressionLevel: number | null;
  /** `auto` picks per column chunk; `compatible` keeps to PLAIN and dictionary, for old readers. */
  readonly encodings: 'auto' | 'compatible';
  readonly rowGroupRows: number;
  readonly rowGroupBytes: number;
  readonly pageBytes: number;
  readonly maxRowsPerFile: number | null;
  readonly partitionBy: readonly string[];
}

/** A key of a document that says how a table is made. */
export type ShapeKey = 'engine' | 'order_by' | 'partition_by' | 'primary_key' | 'settings';

/** How a table is made that is not there. Texts are SQL: names that are features are quoted. */
export interface NewTable {
  /** What the document says itself, rather than leaving it to defaults: a table that is there must agree with it, or is made anew. */
  readonly declared: readonly ShapeKey[];
  /** With its parameters (`ReplacingMergeTree(version)`). */
  readonly engine: string;
  readonly orderBy: readonly string[];
  readonly partitionBy: readonly string[];
  readonly primaryKey: readonly string[];
  readonly settings: Readonly<Record<string, string | number>>;
}

/** A column of a ClickHouse table, as the plan has it: parallel to the schema's fields. */
export interface ClickhouseColumn {
  readonly name: string;
  /** As ClickHouse writes it (`LowCardinality(Nullable(String))`, `Decimal(9, 2)`). */
  readonly type: string;
}

export interface ClickhouseDestinationPlan {
  readonly type: 'clickhouse';
  /** What messages and receipts call it before its database is known: `clickhouse://olap/orders`. */
  readonly path: string;
  readonly connection: string;
  /** null = the connection's. */
  readonly database: string | null;
  readonly table: string;
  readonly mode: 'append' | 'overwrite' | 'replace_partitions';
  /** null: the table must be there. */
  readonly create: NewTable | null;
  /** Parallel to the fields of the plan's schema. */
  readonly columns: readonly ClickhouseColumn[];
  readonly onViews: 'refuse' | 'bypass' | 'direct';
  /** Bounds of a block, which is one INSERT. */
  readonly blockRows: number;
  readonly blockBytes: number;
  /** What columns of the table that is there hold, where that is less than their features' types say, by name. Set by the run, and no part of the plan's hash. */
  readonly ranges?: Readonly<Record<string, ValueRange>>;
}

export type DestinationPlan = ParquetDestinationPlan | ClickhouseDestinationPlan;

export type RejectLimit =
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'share'; readonly share: number };

/** The frozen decision of what a run will do with one dataset. Survives `postMessage` and JSON. */
export interface DatasetPlan {
  readonly ocs: string;
  readonly dataset: string;
  readonly source: SourcePlan;
  /** Columns as read, in feature order (partition columns included). */
  readonly schema: Schema;
  readonly destination: DestinationPlan;
  readonly onError: 'fail' | 'reject';
  readonly maxRejects: RejectLimit | null;
  readonly rejectsPath: string | null;
  readonly onEmpty: 'fail' | 'skip' | 'publish';
  readonly onDrift: 'fail' | 'evolve' | 'ignore';
  readonly needs: readonly string[];
  /** For people: what a reader of the target sees while this plan runs, what is lossy, what is unusual. */
  readonly notes: readonly string[];
  /** SHA-256 (hex) of everything above that can change the data; free of paths of state, run, host and time. */
  readonly hash: string;
}

/** A plan whose destination is Parquet files. */
export type ParquetDatasetPlan = DatasetPlan & { readonly destination: ParquetDestinationPlan };

/** A plan whose destination is a table of a ClickHouse. */
export type ClickhouseDatasetPlan = DatasetPlan & { readonly destination: ClickhouseDestinationPlan };
