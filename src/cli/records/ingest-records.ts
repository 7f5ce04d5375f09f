import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { AtlasError } from '../../errors.ts';
import type { ClickhouseConnection, Connections } from '../../flow/connections.ts';
import type { TableAddress } from '../../flow/live-columns.ts';
import { findTableAddress, openStores, type Stores } from '../../registry.ts';
import { exitCodeOf } from '../../run/exit-code.ts';
import { runGroup } from '../../run/run-group.ts';
import type { RunResult } from '../../run/run-options.ts';
import { type ChosenConnection, chooseConnection } from '../choose-connection.ts';
import { connectionsFor } from '../connections-for.ts';
import { findFoldersOrHere } from '../folders.ts';
import type { Io } from '../io.ts';
import { logError } from '../log-error.ts';
import { openReporter } from '../open-reporter.ts';
import { paintFor } from '../paint.ts';
import { renderError } from '../render-error.ts';
import { renderFailure } from '../render-failure.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { packageVersion } from '../version.ts';
import { describeRecords } from './describe-records.ts';
import { lookAtRecords } from './look-at-records.ts';
import { type FailedRecords, type PlannedRecords, planRecords } from './plan-records.ts';
import type { RecordsFile } from './records-file.ts';
import { RECORDS_OCS } from './records-group.ts';
import { listRecords, pathOfFile, type RecordsInput } from './records-inputs.ts';
import type { RecordsOptions } from './records-options.ts';
import type { RecordsResult } from './records-result.ts';
import { recordsJson, recordsLines } from './render-records.ts';
import { tableSql, wholeTable } from './table-sql.ts';

/** `ingest records`: puts files into a table of a ClickHouse, each whole or not at all. With `--log json` an error is a line of JSON too. */
export async function ingestRecords(options: RecordsOptions, io: Io): Promise<number> {
  try {
    return await ingest(options, io);
  } catch (error) {
    if (options.log !== 'json') throw error;
    return logError(error, io);
  }
}

async function ingest(options: RecordsOptions, io: Io): Promise<number> {
  const folders = findFoldersOrHere(options, io);
  const chosen = await chooseConnection(options, folders, io);
  const { name } = chosen.connection;
  using stop = stopOnSignal(options.log, io);
  const signal = withTimeout(stop.signal, options.timeout);
  say([`into ${chosen.said}`], chosen.warnings, options, io);
  const paths = options.files.map((file) => pathOfFile(file, io.cwd));
  const connections: Connections = { ...(await connectionsFor(paths, null, options, io)), [name]: chosen.connection };
  await using stores = openStores(connections);
  const address = await findTable(chosen, options, stores, signal);
  const places = { standardInput: process.stdin, stateFolder: folders.state, root: folders.root };
  await using listed = await listRecords(paths, places, { stores, signal });
  const looked: (RecordsFile | FailedRecords)[] = [];
  for (const input of listed.inputs)
    looked.push(await lookAt(input, options, { stores, signal, root: folders.root }, io));
  const files = looked.filter((each): each is RecordsFile => 'input' in each);
  const facts = { connection: name, root: folders.root };
  let planned = planRecords(files, { ...facts, address }, options);
  const whole = address.live === null && !options.dryRun ? wholeTable(planned.filter(isPlanned)) : null;
  if (whole?.uneven) {
    say([`${address.target} is made first: the files have different columns`], [], options, io);
    const server = await stores.server(name, { signal });
    await server.command({ sql: tableSql(whole, address.database, 'IF NOT EXISTS') }, { signal });
    planned = planRecords(files, { ...facts, address: await findTable(chosen, options, stores, signal) }, options);
  }
  const entries = inOrder(looked, planned);
  const plans = entries.filter(isPlanned);
  for (const { notes } of plans) say(notes, [], options, io);
  if (options.dryRun) return describeRecords(entries, address, options, io);
  const run = plans.length === 0 ? null : await runPlans(plans, connections, folders, { options, signal, stores }, io);
  return report(entries, run, { address, signal }, options, io);
}

function isPlanned(each: PlannedRecords | FailedRecords): each is PlannedRecords {
  return 'plan' in each;
}

/** A file by itself: what is wrong with one stops no other. */
async function lookAt(
  input: RecordsInput,
  options: RecordsOptions,
  look: Parameters<typeof lookAtRecords>[2],
  io: Io,
): Promise<RecordsFile | FailedRecords> {
  try {
    const file = await lookAtRecords(input, options.format, look);
    const { by, format } = file.found;
    if (by === 'content') say([`${input.name} is read as ${format}, by its first bytes`], [], options, io);
    return file;
  } catch (error) {
    look.signal.throwIfAborted();
    if (error instanceof AtlasError) return { name: input.name, error };
    throw error;
  }
}

/** Of an engine that has no data yet, and that a dry run must not make. */
function untouched({ folder, database }: ClickhouseConnection, table: string): TableAddress {
  const name = database ?? 'atlas';
  return { target: `chdb:${folder}/${name}.${table}`, database: name, live: null };
}

/** Where the rows go. Fails with ATLAS_CH_TABLE_MISSING where nothing is there, and nothing is to be made. */
async function findTable(
  { connection }: ChosenConnection,
  { table, createTable, dryRun }: RecordsOptions,
  stores: Stores,
  signal: AbortSignal,
): Promise<TableAddress> {
  const { name, folder, database } = connection;
  const isThere = folder === null || existsSync(folder);
  const address =
    dryRun && !isThere
      ? untouched(connection, table)
      : await findTableAddress(name, { database, table }, { stores, signal });
  if (address.live !== null || createTable) return address;
  throw new AtlasError('ATLAS_CH_TABLE_MISSING', `there is no table ${address.target}`, {
    place: { file: address.target },
    hint: 'Check --table-name and --database, or give --create-table.',
  });
}

function runPlans(
  plans: readonly PlannedRecords[],
  connections: Connections,
  folders: { readonly state: string; readonly ledger: string },
  {
    options,
    signal,
    stores,
  }: { readonly options: RecordsOptions; readonly signal: AbortSignal; readonly stores: Stores },
  io: Io,
): Promise<RunResult> {
  return (async () => {
    using reporter = await openReporter(options, io);
    return await runGroup({
      ocs: RECORDS_OCS,
      plans: plans.map(({ plan }) => plan),
      connections,
      stores,
      stateFolder: folders.state,
      ledger: folders.ledger,
      version: packageVersion(),
      workers: options.workers ?? availableParallelism(),
      parallelDatasets: 1,
      force: options.force,
      strict: options.strict,
      failFast: false,
      ifLocked: options.ifLocked,
      sample: null,
      onEvent: (event) => reporter.hear(event),
      signal,
    });
  })();
}

function inOrder(
  looked: readonly (RecordsFile | FailedRecords)[],
  planned: readonly (PlannedRecords | FailedRecords)[],
): readonly (PlannedRecords | FailedRecords)[] {
  const byFile = new Map(planned.map((each) => ['file' in each ? each.file.input.name : each.name, each]));
  return looked.flatMap((each) => ('input' in each ? (byFile.get(each.input.name) ?? []) : each));
}

function report(
  entries: readonly (PlannedRecords | FailedRecords)[],
  run: RunResult | null,
  { address }: { readonly address: TableAddress; readonly signal: AbortSignal },
  options: RecordsOptions,
  io: Io,
): number {
  const receipts = new Map(run?.receipts.map((receipt) => [receipt.dataset, receipt]));
  const results = entries.flatMap((each): readonly RecordsResult[] => {
    if (!('plan' in each)) return [{ file: each.name, table: address.target, outcome: { error: each.error } }];
    const receipt = receipts.get(each.plan.dataset);
    return receipt === undefined ? [] : [{ file: each.file.input.name, table: address.target, outcome: { receipt } }];
  });
  if (options.log === 'text') {
    for (const { outcome } of results) {
      if ('error' in outcome) renderError(outcome.error, io);
      else if (outcome.receipt.outcome === 'failed' || !options.quiet)
        io.stderr.write(renderFailure(outcome.receipt, io));
    }
  } else for (const { outcome } of results) if ('error' in outcome) logError(outcome.error, io);
  const exit = exitOf(results, run, options);
  io.stdout.write(options.json ? recordsJson(run?.run ?? null, exit, results) : recordsLines(results));
  return exit;
}

/** That of the run, files that were never loaded counted among those that failed. */
function exitOf(results: readonly RecordsResult[], run: RunResult | null, { strict }: RecordsOptions): number {
  if (run !== null && (run.exitCode === 130 || run.exitCode === 143)) return run.exitCode;
  const none = { read: 0, published: 0, rejected: 0, deduplicated: 0, excluded: 0 };
  const outcomes = results.map(({ outcome }) =>
    'receipt' in outcome
      ? outcome.receipt
      : { outcome: 'failed' as const, rows: none, error: { code: outcome.error.code, message: '' } },
  );
  return exitCodeOf(outcomes, { stopped: null, strict });
}

function withTimeout(signal: AbortSignal, seconds: number | null): AbortSignal {
  if (seconds === null) return signal;
  const controller = new AbortController();
  const message = `it was not done after ${seconds} s, as --timeout says; what was not published by then is not`;
  setTimeout(() => controller.abort(new AtlasError('ATLAS_TIMEOUT', message)), seconds * 1000).unref();
  return AbortSignal.any([signal, controller.signal]);
}

function say(notes: readonly string[], warnings: readonly string[], options: RecordsOptions, io: Io): void {
  if (options.quiet || options.log === 'json') return;
  const paint = paintFor(io.stderr);
  for (const note of notes) io.stderr.write(`${note}\n`);
  for (const warning of warnings) io.stderr.write(`${paint.yellow('warning')} ${warning}\n`);
}
