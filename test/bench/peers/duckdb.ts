import { DuckDBInstance } from '@duckdb/node-api';
import { DUCKDB_TYPES } from '../duckdb-types.ts';
import { jobOf, quoted } from '../job.ts';

/** DuckDB: `COPY (SELECT … FROM read_csv(…)) TO … (FORMAT parquet)`, every type given, nothing detected. */
const { input, output, columns, rejects, threads } = jobOf(process.argv);
const types = columns.map(({ name, kind }) => `${quoted(name)}: ${quoted(DUCKDB_TYPES[kind])}`).join(', ');
const options = [
  'header = true',
  'auto_detect = false',
  "delim = ','",
  `quote = '"'`,
  `escape = '"'`,
  `columns = {${types}}`,
  ...(rejects ? ['store_rejects = true'] : []),
];
const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
const connection = await instance.connect();
await connection.run(
  `COPY (SELECT ${columns.map(({ name }) => name).join(', ')} FROM read_csv(${quoted(input)}, ${options.join(', ')}))
   TO ${quoted(output)} (FORMAT parquet, COMPRESSION snappy)`,
);
connection.closeSync();
instance.closeSync();
