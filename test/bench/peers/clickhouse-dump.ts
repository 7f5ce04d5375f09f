import { Session } from 'chdb';
import { BENCH_TABLE } from '../clickhouse-job.ts';
import { quoted } from '../job.ts';

/** The table of an engine's folder as a Parquet file, for comparison. */
const { folder, output } = JSON.parse(process.argv[2] as string) as {
  readonly folder: string;
  readonly output: string;
};
const session = new Session(folder);
session.query(
  `INSERT INTO FUNCTION file(${quoted(output)}, Parquet) SELECT * FROM ${BENCH_TABLE.database}.${BENCH_TABLE.name}
   SETTINGS engine_file_truncate_on_insert = 1`,
);
session.close();
