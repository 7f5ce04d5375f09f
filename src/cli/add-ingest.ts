import { Option } from 'commander';
import type { AddCommand } from './add-init.ts';
import type { Io } from './io.ts';
import { addPath, oneOf, parseIfLocked, splitNames, wholeNumber } from './option-values.ts';

/** Adds `ingest records` to the program: what `as-cli` is called for. */
export function addIngest(command: AddCommand, io: Io): void {
  command(
    'ingest <what> [files...]',
    '`ingest records`: put files, as they are, into a table of a ClickHouse',
    async (values, args) => {
      const [{ ingestRecords }, { recordsOptions }] = await Promise.all([
        import('./records/ingest-records.ts'),
        import('./records/records-options.ts'),
      ]);
      return ingestRecords(recordsOptions(values, args, io), io);
    },
  )
    .addOption(
      new Option(
        '--file <path>',
        'a file, a glob, hdfs://<connection>/… or - (standard input); may be given several times',
      )
        .default([], 'none')
        .argParser(addPath),
    )
    .addOption(new Option('--table-name <name>', 'the table, as it is called: a dot is part of the name'))
    .addOption(new Option('--create-table', 'make the table if it is not there'))
    .addOption(
      new Option('--format <format>', 'csv, parquet or jsonl')
        .default(null, 'by its name, else by its first bytes')
        .argParser(oneOf('--format', ['csv', 'parquet', 'jsonl'])),
    )
    .addOption(new Option('--database <name>', 'the database').default(null, "the connection's"))
    .addOption(
      new Option('--url <url>', 'https://…, http://… or chdb:<folder>').default(
        null,
        'CLICKHOUSE_URL or CLICKHOUSE_HOST, else the embedded engine',
      ),
    )
    .addOption(
      new Option('--connection <name>', 'a connection of metadata/_connections.json, instead of --url').default(
        null,
        'none',
      ),
    )
    .addOption(
      new Option('--order-by <columns>', 'with --create-table: columns that rows are sorted by, a comma between')
        .default([], 'none')
        .argParser(splitNames('--order-by')),
    )
    .addOption(
      new Option('--batch-size <rows>', 'most rows of a block, which is one INSERT')
        .default(null, '1048576')
        .argParser(wholeNumber('--batch-size', 1)),
    )
    .addOption(
      new Option('--timeout <seconds>', 'for all of it: what is not published by then never is')
        .default(null, 'none')
        .argParser(wholeNumber('--timeout', 1)),
    )
    .addOption(
      new Option('--on-error <what>', 'where rows cannot be taken: fail, or reject (set them aside)')
        .default('fail', 'fail')
        .argParser(oneOf('--on-error', ['fail', 'reject'])),
    )
    .addOption(
      new Option('--max-rejects <limit>', 'with --on-error reject: rows (100) or a share of them (1%)').default(
        null,
        '100%',
      ),
    )
    .addOption(
      new Option('--workers <n>', 'worker threads').default(null, 'the cores').argParser(wholeNumber('--workers', 1)),
    )
    .addOption(
      new Option('--if-locked <what>', 'where another run holds the table: fail, skip or wait=10m')
        .default({ kind: 'fail' }, 'fail')
        .argParser(parseIfLocked),
    )
    .addOption(new Option('--dry-run', 'say what would be done, and touch nothing'))
    .addOption(new Option('--force', 'load files whose content the table has already'))
    .addOption(new Option('--strict', 'rejects within limits end with exit code 1'))
    .addOption(new Option('--json', 'one line of JSON on standard output'))
    .addOption(new Option('-q, --quiet', 'say nothing on standard error unless it fails'))
    .addOption(
      new Option('--log <format>', 'messages on standard error: text or json')
        .default('text', 'text')
        .argParser(oneOf('--log', ['text', 'json'])),
    );
}
