import { query } from 'chdb';
import { databaseJobOf } from '../database-job.ts';
import { quoted } from '../job.ts';

/** ClickHouse's engine: `INSERT INTO FUNCTION file(…, Parquet) SELECT … FROM postgresql(…)`, or `mysql(…)`. */
const { kind, host, port, user, password, database, table, output, threads } = databaseJobOf();
const at = [`${host}:${port}`, database, table, user, password].map(quoted).join(', ');
const settings = [
  `max_threads = ${threads}`,
  `max_insert_threads = ${threads}`,
  "output_format_parquet_compression_method = 'snappy'",
  'engine_file_truncate_on_insert = 1',
];
query(
  `INSERT INTO FUNCTION file(${quoted(output)}, Parquet) SELECT * FROM ${kind}(${at}) SETTINGS ${settings.join(', ')}`,
);
