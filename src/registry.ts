import { existsSync } from 'node:fs';
import { AtlasError } from './errors.ts';
import type { ClickhouseConnection, Connections, DatabaseConnection, HdfsConnection } from './flow/connections.ts';
import type { ClickhouseDatasetPlan, DatasetPlan, ParquetDatasetPlan, SourcePlan } from './flow/dataset-plan.ts';
import type { Encoder } from './flow/encoder.ts';
import type { ExaminationOptions, ExaminationStep } from './flow/examination.ts';
import type { FileDescription } from './flow/file-description.ts';
import type { Ledger } from './flow/ledger.ts';
import type { TableAddress } from './flow/live-columns.ts';
import type { PartitionRouter } from './flow/partition-router.ts';
import type { InputProfile } from './flow/profile.ts';
import type { Receipt } from './flow/receipt.ts';
import type { ReplayInput } from './flow/replay-input.ts';
import type { CsvSniff, GivenDialect } from './flow/sniff.ts';
import type { Abortable, Source } from './flow/source.ts';
import type { ListedTable, TableDescription, TableRequest } from './flow/table-description.ts';
import type { RememberingSink } from './flow/target-memory.ts';
import type { openChunkCrcs } from './kernel/chunk-crcs.ts';
import type { lookAtTables } from './sink/clickhouse/look-at-tables.ts';
import type { ClickhouseServer } from './sink/clickhouse/server/clickhouse-server.ts';
import { ServerSet } from './sink/clickhouse/server/server-set.ts';
import { isDead, newOwner, parseOwner } from './store/lock-owner.ts';
import type { Store } from './store/store.ts';
import { StoreSet } from './store/store-set.ts';

/** The stores and databases that the plans of a run name. */
export interface Stores extends AsyncDisposable {
  /** The store of `hdfs://lake/x`, or of a local path. Fails with ATLAS_CONNECTION_UNKNOWN, ATLAS_HDFS_*. */
  of(name: string): Promise<Store>;
  /** A declared database. Fails with ATLAS_CONNECTION_UNKNOWN. */
  database(name: string): DatabaseConnection;
  /** A declared ClickHouse. Fails with ATLAS_CONNECTION_UNKNOWN. */
  clickhouse(name: string): ClickhouseConnection;
  /** The server or engine of a declared ClickHouse, opened when it is asked for first, and closed with the stores. Fails with ATLAS_CONNECTION_UNKNOWN, ATLAS_CH_*. */
  server(name: string, options: Abortable): Promise<ClickhouseServer>;
  /** What another thread opens the same stores and databases with. */
  share(): Promise<Connections>;
}

/** Opens nothing yet: a connection is opened when a name on it is asked for, once. */
export function openStores(connections: Connections): Stores {
  let kernel: ReturnType<typeof openChunkCrcs> | undefined;
  const entries = Object.entries(connections);
  const lakes = entries.filter((entry): entry is [string, HdfsConnection] => entry[1].type === 'webhdfs');
  const isDatabase = ({ type }: Connections[string]): boolean => type === 'postgresql' || type === 'mysql';
  const databases = entries.filter((entry): entry is [string, DatabaseConnection] => isDatabase(entry[1]));
  const engines = entries.filter((entry): entry is [string, ClickhouseConnection] => entry[1].type === 'clickhouse');
  const servers = new ServerSet((name) => declaredOf(engines, name, 'ClickHouse'));
  const stores = new StoreSet<HdfsConnection>(Object.fromEntries(lakes), () => {
    kernel ??= import('./kernel/chunk-crcs.ts').then((module) => module.openChunkCrcs());
    return kernel;
  });
  return {
    of: (name) => stores.of(name),
    database: (name) => declaredOf(databases, name, 'database'),
    clickhouse: (name) => declaredOf(engines, name, 'ClickHouse'),
    share: async () => ({
      ...(await stores.share()),
      ...Object.fromEntries(databases),
      // Threads encode for it, and never speak to it.
      ...Object.fromEntries(engines.map(([name, engine]) => [name, { ...engine, password: null }])),
    }),
    server: (name, options) => servers.open(name, options),
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]();
      await stores[Symbol.asyncDispose]();
    },
  };
}

function declaredOf<T>(declared: readonly (readonly [string, T])[], name: string, what: string): T {
  const found = declared.find(([each]) => each === name)?.[1];
  if (found !== undefined) return found;
  const names = declared.map(([each]) => each).join(', ') || 'none';
  throw new AtlasError('ATLAS_CONNECTION_UNKNOWN', `there is no ${what} ${name}; declared here: ${names}`);
}

/** Asks a database what a table or query looks like. Fails with ATLAS_DB_*. */
export async function describeTable(
  connection: DatabaseConnection,
  request: TableRequest,
  options: Abortable,
): Promise<TableDescription> {
  if (connection.type === 'postgresql') {
    const { describePostgresTable } = await import('./source/postgres/describe-table.ts');
    return describePostgresTable(connection, request, options);
  }
  const { describeMysqlTable } = await import('./source/mysql/describe-table.ts');
  return describeMysqlTable(connection, request, options);
}

/**
 * What the first of the files that a path names says of its columns: the file itself, no row of it is read. `root`: a part of the path that
 * is never a pattern. Fails with ATLAS_INPUT_*, ATLAS_PARQUET_*, ATLAS_HDFS_*, ATLAS_CONNECTION_UNKNOWN.
 */
export async function describeFile(
  path: string,
  root: string,
  options: Abortable & { readonly stores: Stores },
): Promise<FileDescription> {
  const { describeParquet } = await import('./source/parquet/describe-parquet.ts');
  return describeParquet(path, root, options);
}

/** Whether a file is Parquet, by its first bytes. Fails with ATLAS_INPUT_*, ATLAS_HDFS_*, ATLAS_CONNECTION_UNKNOWN. */
export async function isParquet(path: string, options: Abortable & { readonly stores: Stores }): Promise<boolean> {
  const { isParquet: look } = await import('./source/parquet/is-parquet.ts');
  return look(path, options);
}

/**
 * The absolute paths, or names in a store, that a path or glob names, by name; one that is no pattern is not looked for.
 * Fails with ATLAS_INPUT_NOT_FOUND, ATLAS_INPUT_UNREADABLE, ATLAS_HDFS_*.
 */
export async function listInputs(
  path: string,
  root: string,
  options: Abortable & { readonly stores: Stores },
): Promise<readonly string[]> {
  const { listInputs: list } = await import('./source/list-inputs.ts');
  return list(path, root, options);
}

/** Where a table of a declared ClickHouse is, or would be, and what its columns take. Fails with ATLAS_CONNECTION_UNKNOWN, ATLAS_CH_*. */
export async function findTableAddress(
  name: string,
  table: { readonly database: string | null; readonly table: string },
  { stores, signal }: Abortable & { readonly stores: Stores },
): Promise<TableAddress> {
  const { findTableAddress: find } = await import('./sink/clickhouse/find-table-address.ts');
  return find(await stores.server(name, { signal }), table, { signal });
}

/** The tables and views of a schema (null: the one that names without a schema are looked for in), by name. Fails with ATLAS_DB_*. */
export async function listTables(
  connection: DatabaseConnection,
  schema: string | null,
  options: Abortable,
): Promise<readonly ListedTable[]> {
  if (connection.type === 'postgresql') {
    const { listPostgresTables } = await import('./source/postgres/list-tables.ts');
    return listPostgresTables(connection, schema, options);
  }
  const { listMysqlTables } = await import('./source/mysql/list-tables.ts');
  return listMysqlTables(connection, schema, options);
}

/**
 * Tries a connection step by step: each step when it begins, and what it found. Whatever it writes it removes, also where it is stopped
 * or left early. Fails with what aborted it.
 */
export async function* examineConnection(
  connection: Connections[string],
  options: ExaminationOptions,
): AsyncGenerator<ExaminationStep> {
  if (connection.type === 'postgresql') {
    const { examinePostgres } = await import('./source/postgres/examine-postgres.ts');
    yield* examinePostgres(connection, options);
    return;
  }
  if (connection.type === 'mysql') {
    const { examineMysql } = await import('./source/mysql/examine-mysql.ts');
    yield* examineMysql(connection, options);
    return;
  }
  if (connection.type === 'clickhouse') {
    const { examineClickhouse } = await import('./sink/clickhouse/examine/examine-clickhouse.ts');
    yield* examineClickhouse(connection, options);
    return;
  }
  const { examineWebHdfs } = await import('./store/webhdfs/examine/examine-web-hdfs.ts');
  yield* examineWebHdfs(connection, options);
}

/** A source and an encoder over one kernel instance; dispose the encoder first. */
export interface LaneParts {
  /** Bounds of a row group: rows, and bytes of values. */
  readonly bounds: { readonly rows: number; readonly bytes: number };
  readonly source: Source;
  readonly encoder: Encoder;
  /** null where the plan does not partition. */
  readonly router: PartitionRouter | null;
}

export interface LaneOptions {
  /** Microseconds since 1970 that `@loaded_at` stands for: the same in all lanes of a run. */
  readonly loadedAt: bigint;
  /** The kernel, where another thread has compiled it. */
  readonly module?: WebAssembly.Module;
  /** Where inputs rest. */
  readonly stores: Stores;
  /** Threads that will read, at most; left out where the source is not the one that surveys. */
  readonly workers?: number;
  /** Read the rejects of an earlier run instead of the plan's inputs. */
  readonly replay?: ReplayInput;
}

/** Opens what a lane of the plan's kinds works with, in this thread. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openLaneParts(plan: DatasetPlan, options: LaneOptions): Promise<LaneParts> {
  return isTablePlan(plan) ? openTableLane(plan, options) : openFileLane(plan as ParquetDatasetPlan, options);
}

function isTablePlan(plan: DatasetPlan): plan is ClickhouseDatasetPlan {
  return plan.destination.type === 'clickhouse';
}

async function openTableLane(plan: ClickhouseDatasetPlan, options: LaneOptions): Promise<LaneParts> {
  const [{ arrowReserve, openArrowEncoder }, { arrowPlanOf }, { wireCompression }] = await Promise.all([
    import('./encode/arrow/encoder.ts'),
    import('./sink/clickhouse/arrow-plan-of.ts'),
    import('./sink/clickhouse/wire-compression.ts'),
  ]);
  const connection = options.stores.clickhouse(plan.destination.connection);
  const arrow = arrowPlanOf(plan, wireCompression(connection, process.env));
  const source = await openSource(plan.source, { ...options, reserve: arrowReserve(arrow) });
  const encoder = await openArrowEncoder(arrow, source.kernel);
  return { bounds: { rows: arrow.rows, bytes: arrow.bytes }, source, encoder, router: null };
}

async function openFileLane(plan: ParquetDatasetPlan, options: LaneOptions): Promise<LaneParts> {
  const [{ openParquetEncoder }, { parquetReserve }, { planOfFiles }, { openRouting }] = await Promise.all([
    import('./encode/parquet/encoder.ts'),
    import('./encode/parquet/arena.ts'),
    import('./sink/parquet/plan-of-files.ts'),
    import('./sink/parquet/open-routing.ts'),
  ]);
  const stored = planOfFiles(plan);
  const routing = openRouting(plan);
  const reserve = parquetReserve(stored) + (routing?.reserve ?? 0);
  const source = await openSource(plan.source, { ...options, reserve });
  const { rowGroupRows: rows, rowGroupBytes: bytes } = stored.destination;
  const encoder = await openParquetEncoder(stored, source.kernel);
  return { bounds: { rows, bytes }, source, encoder, router: routing?.open(source.kernel) ?? null };
}

async function openSource(plan: SourcePlan, options: LaneOptions & { readonly reserve: number }): Promise<Source> {
  const { replay } = options;
  if (replay && plan.type !== 'csv') {
    throw new AtlasError('ATLAS_INTERNAL', `rejects of these inputs are not replayed: ${plan.path}`);
  }
  if (plan.type === 'parquet') {
    const { openParquetSource } = await import('./source/parquet/parquet-source.ts');
    return openParquetSource(plan, options);
  }
  if (plan.type === 'jsonl') {
    const { openJsonlSource } = await import('./source/jsonl/jsonl-source.ts');
    return openJsonlSource(plan, options);
  }
  if (plan.type === 'postgresql') {
    const { openPostgresSource } = await import('./source/postgres/postgres-source.ts');
    return openPostgresSource(plan, { ...options, connection: databaseOf(options.stores, plan) });
  }
  if (plan.type === 'mysql') {
    const { openMysqlSource } = await import('./source/mysql/mysql-source.ts');
    return openMysqlSource(plan, { ...options, connection: databaseOf(options.stores, plan) });
  }
  if (replay) {
    const { openReplaySource } = await import('./source/csv/replay/replay-source.ts');
    return openReplaySource(plan, replay, options);
  }
  const { openCsvSource } = await import('./source/csv/csv-source.ts');
  return openCsvSource(plan, options);
}

function databaseOf<T extends DatabaseConnection['type']>(
  stores: Stores,
  { connection, type }: { readonly connection: string; readonly type: T },
): Extract<DatabaseConnection, { readonly type: T }> {
  const found = stores.database(connection);
  if (found.type === type) return found as Extract<DatabaseConnection, { readonly type: T }>;
  throw new AtlasError('ATLAS_META_INVALID', `the connection ${connection} is ${found.type}, ${type} is needed`);
}

/**
 * Reads every input of a source to its end, by its dialect and whatever its features, and answers what each column holds.
 * Fails with what the source's survey and readers fail with.
 */
export async function profileInputs(
  plan: SourcePlan,
  options: Abortable & { readonly stores: Stores },
): Promise<readonly InputProfile[]> {
  if (plan.type === 'jsonl') {
    const { profileJsonlInputs } = await import('./source/jsonl/profile/profile-inputs.ts');
    return profileJsonlInputs(plan, options);
  }
  if (plan.type !== 'csv')
    throw new AtlasError('ATLAS_INTERNAL', `a ${plan.type} source is not profiled: ${plan.path}`);
  const { profileCsvInputs } = await import('./source/csv/profile/profile-inputs.ts');
  return profileCsvInputs(plan, options);
}

/** Whether a file holds JSON lines, by its start. Fails with ATLAS_INPUT_* where it cannot be read. */
export async function isJsonLines(
  path: string,
  compression: 'auto' | 'none' | 'gzip' | 'zstd',
  options: Abortable & { readonly stores: Stores },
): Promise<boolean> {
  const { isJsonLines: look } = await import('./source/jsonl/is-json-lines.ts');
  return look(path, compression, options);
}

/**
 * Finds out how a CSV file is to be read, by looking at it; what `given` says is not guessed.
 * Fails with ATLAS_INIT_UNDECIDED where nothing explains it, and with ATLAS_INPUT_* where it cannot be read.
 */
export async function sniffCsv(
  path: string,
  given: GivenDialect,
  options: Abortable & { readonly stores: Stores },
): Promise<CsvSniff> {
  const { sniffCsv: sniff } = await import('./source/csv/sniff/sniff-csv.ts');
  return sniff(path, given, options);
}

export interface SinkOptions extends Abortable {
  readonly stores: Stores;
  /** Rows are added to what these receipts say is at the target, in order; left out, the target is replaced. */
  readonly onto?: readonly Receipt[];
  /** Of a folder that grows (`append`, `replace_partitions`): all that a reader sees there is replaced. */
  readonly refresh?: boolean;
}

/** Opens the plan's target. Fails with ATLAS_STORE_WRITE where its path cannot be followed. */
export async function openSink(plan: DatasetPlan, options: SinkOptions): Promise<RememberingSink> {
  if (isTablePlan(plan)) return openTableSink(plan, options);
  const { openParquetSink } = await import('./sink/parquet/open-parquet-sink.ts');
  return openParquetSink(plan as ParquetDatasetPlan, {
    ...options,
    store: await options.stores.of(plan.destination.path),
  });
}

async function openTableSink(
  plan: ClickhouseDatasetPlan,
  { stores, refresh = false, signal }: SinkOptions,
): Promise<RememberingSink> {
  const { openClickhouseSink } = await import('./sink/clickhouse/open-clickhouse-sink.ts');
  const { connection: name } = plan.destination;
  const server = await stores.server(name, { signal });
  return openClickhouseSink(plan, { server, connection: stores.clickhouse(name), refresh });
}

/** What there is to see of tables: what a plan would do to one, what of a run is in one. */
export async function tableLooks(): Promise<typeof lookAtTables> {
  return (await import('./sink/clickhouse/look-at-tables.ts')).lookAtTables;
}

/** Opens a ledger, and makes it if it is not there: the path of a SQLite file, or the URL of a PostgreSQL database. Fails with ATLAS_LEDGER_*. */
export async function openLedger(ledger: string, options: LedgerOptions = {}): Promise<Ledger> {
  if (isUrl(ledger)) {
    const { openPostgresLedger } = await import('./ledger/postgres/postgres-ledger.ts');
    return openPostgresLedger(ledger, postgresLedgerOptions(options));
  }
  const { openSqliteLedger } = await import('./ledger/sqlite-ledger.ts');
  return openSqliteLedger(ledger);
}

/** The same for who only reads: null where there is no ledger yet, and none is made. */
export async function findLedger(ledger: string, options: LedgerOptions = {}): Promise<Ledger | null> {
  if (isUrl(ledger)) {
    const { findPostgresLedger } = await import('./ledger/postgres/postgres-ledger.ts');
    return findPostgresLedger(ledger, postgresLedgerOptions(options));
  }
  return existsSync(ledger) ? openLedger(ledger) : null;
}

/** Tries the ledger step by step, as `examineConnection` does a connection; a file is not examined. */
export async function* examineLedger(ledger: string, options: Abortable): AsyncGenerator<ExaminationStep> {
  if (!isUrl(ledger)) return;
  const { examinePostgresLedger } = await import('./ledger/postgres/examine-postgres-ledger.ts');
  yield* examinePostgresLedger(ledger, { ...options, env: process.env });
}

export interface LedgerOptions {
  /** Aborted when the run is to stop: a server that does not answer is not waited for any more. */
  readonly stop?: AbortSignal;
}

function isUrl(ledger: string): boolean {
  if (/^postgres(ql)?:\/\//i.test(ledger)) return true;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(ledger)?.[1];
  if (scheme === undefined) return false;
  throw new AtlasError('ATLAS_LEDGER_URL', `ATLAS_LEDGER: a ledger cannot be kept by ${scheme}`, {
    hint: 'It is the path of a file, or postgresql://user@host:5432/database.',
  });
}

function postgresLedgerOptions(options: LedgerOptions) {
  const isGone = (text: string): boolean => {
    const owner = parseOwner(text);
    return owner !== null && isDead(owner, false);
  };
  return { ...options, env: process.env, processes: { newOwner, isGone } };
}
