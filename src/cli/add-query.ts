import { Option } from 'commander';
import type { AddCommand } from './add-init.ts';
import type { Io } from './io.ts';
import { wholeNumber } from './option-values.ts';

/** Adds `query` to the program. */
export function addQuery(command: AddCommand, io: Io): void {
  command('query <sql>', 'ask a ClickHouse, or the embedded engine, and show the rows', async (values, args) => {
    const [{ query }, { queryOptions }] = await Promise.all([import('./query.ts'), import('./query-options.ts')]);
    return query(queryOptions(values, args, io), io);
  })
    .addOption(new Option('--connection <name>', 'a connection of metadata/_connections.json').default(null, 'none'))
    .addOption(
      new Option('--url <url>', 'https://…, http://… or chdb:<folder>').default(
        null,
        'CLICKHOUSE_URL or CLICKHOUSE_HOST, else the embedded engine',
      ),
    )
    .addOption(new Option('--database <name>', 'the database').default(null, "the connection's"))
    .addOption(
      new Option('--limit <rows>', 'rows to show; 0 = all of them')
        .default(null, '1000, with --json all')
        .argParser(wholeNumber('--limit', 0)),
    )
    .addOption(
      new Option('--timeout <seconds>', 'how long to wait for the answer')
        .default(null, "the connection's, 600")
        .argParser(wholeNumber('--timeout', 1)),
    )
    .addOption(new Option('--json', 'one line of JSON on standard output; integers of 64 bits are text'));
}
