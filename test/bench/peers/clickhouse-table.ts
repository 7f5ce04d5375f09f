import { Session } from 'chdb';
import { BENCH_TABLE, clickhouseJobOf, createTable, structureOf } from '../clickhouse-job.ts';
import { quoted } from '../job.ts';

/** ClickHouse's engine: `INSERT INTO t SELECT … FROM file('….csv', CSVWithNames)`. */
const { input, columns, threads, folder } = clickhouseJobOf(process.argv);
if (folder === null) throw new Error('a folder is needed');
const session = new Session(folder);
const { database, name } = BENCH_TABLE;
session.query(`CREATE DATABASE ${database} ENGINE = Atomic`);
session.query(createTable(columns, database));
session.query(
  `INSERT INTO ${database}.${name}
   SELECT ${columns.map((column) => column.name).join(', ')}
   FROM file(${quoted(input)}, CSVWithNames, ${quoted(structureOf(columns))})
   SETTINGS max_threads = ${threads}, max_insert_threads = ${threads}`,
);
session.close();
