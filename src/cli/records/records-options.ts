import { AtlasError } from '../../errors.ts';
import { clickhouseNameProblem } from '../../metadata/quote-clickhouse-name.ts';
import type { IfLocked } from '../command-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Io } from '../io.ts';
import { flag, globals, type Values } from '../read-options.ts';
import type { RecordsFormat } from './records-format.ts';

/** The options of `ingest records`. */
export interface RecordsOptions extends GlobalOptions {
  /** As typed: files, globs, `hdfs://` names, `-`; at least one. */
  readonly files: readonly string[];
  readonly table: string;
  readonly createTable: boolean;
  /** null = by name, else by first bytes. */
  readonly format: RecordsFormat | null;
  readonly database: string | null;
  readonly url: string | null;
  /** Name of a shared connection. */
  readonly connection: string | null;
  readonly orderBy: readonly string[];
  /** Rows of a block at most; null = the default. */
  readonly batchSize: number | null;
  /** Seconds; null = none. */
  readonly timeout: number | null;
  /** null: a row that cannot be taken fails its file. Else the most rejects, as metadata has it (`100` or `"1%"`). */
  readonly maxRejects: number | string | null;
  readonly workers: number | null;
  readonly ifLocked: IfLocked;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly strict: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly log: 'text' | 'json';
}

/** Reads the options of `ingest records`. Fails with ATLAS_USAGE. */
export function recordsOptions(values: Values, args: readonly string[], io: Io): RecordsOptions {
  const [what, ...named] = args;
  if (what !== 'records') throw usage(`ingest ${what} is not known, ingest records is expected`);
  const text = (name: string): string | null => (values[name] as string | null | undefined) ?? null;
  const files = [...(values['file'] as readonly string[]), ...named];
  if (files.length === 0) {
    throw usage('the option --file <path> is missing', 'Name a file, a glob, or - for standard input.');
  }
  if (files.filter((each) => each === '-').length > 1) throw usage('standard input is named twice');
  const table = text('tableName');
  if (table === null) throw usage('the option --table-name <name> is missing');
  checkName('--table-name', table);
  if (table.startsWith('_atlas_')) {
    throw usage(
      `--table-name is ${JSON.stringify(table)}: names that begin with _atlas_ are those of drafts and locks`,
    );
  }
  const database = text('database');
  if (database !== null) checkName('--database', database);
  const [url, connection] = [text('url'), text('connection')];
  if (url !== null && connection !== null)
    throw usage('--url and --connection are given together', 'Give one of them.');
  const createTable = flag(values, 'createTable');
  const orderBy = values['orderBy'] as readonly string[];
  if (orderBy.length > 0 && !createTable) {
    throw usage('--order-by stands without --create-table', 'A table that is there keeps its own order.');
  }
  return {
    ...globals(values, io),
    files,
    table,
    createTable,
    format: text('format') as RecordsFormat | null,
    database,
    url,
    connection,
    orderBy,
    batchSize: values['batchSize'] as number | null,
    timeout: values['timeout'] as number | null,
    maxRejects: limitOf(text('onError') === 'reject', text('maxRejects')),
    workers: values['workers'] as number | null,
    ifLocked: values['ifLocked'] as IfLocked,
    dryRun: flag(values, 'dryRun'),
    force: flag(values, 'force'),
    strict: flag(values, 'strict'),
    json: flag(values, 'json'),
    quiet: flag(values, 'quiet'),
    log: values['log'] as 'text' | 'json',
  };
}

function limitOf(rejects: boolean, typed: string | null): number | string | null {
  if (!rejects) {
    if (typed === null) return null;
    throw usage('--max-rejects stands without --on-error reject');
  }
  if (typed === null) return '100%';
  if (/^\d{1,15}$/.test(typed)) return Number(typed);
  if (/^(100(\.0*)?|\d{1,2}(\.\d+)?)%$/.test(typed)) return typed;
  throw usage(`--max-rejects is ${JSON.stringify(typed)}, a number of rows (100) or a share of them (1%) is expected`);
}

function checkName(option: string, name: string): void {
  const problem = clickhouseNameProblem(name);
  if (problem !== null) throw usage(`${option} cannot be a name: ${problem}`);
}

function usage(message: string, hint?: string): AtlasError {
  return new AtlasError('ATLAS_USAGE', message, hint === undefined ? {} : { hint });
}
