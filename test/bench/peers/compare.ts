import { DuckDBInstance } from '@duckdb/node-api';
import { quoted } from '../job.ts';
import type { Column } from '../variant.ts';

/** Rows of either file that the other does not hold, counted by `EXCEPT ALL` both ways. */
export interface Comparison {
  readonly rows: readonly [number, number];
  readonly onlyLeft: number;
  readonly onlyRight: number;
}

interface Request {
  readonly left: string;
  readonly right: string;
  readonly columns: readonly Column[];
}

const TYPES = {
  int64: 'BIGINT',
  int16: 'SMALLINT',
  timestamp: 'TIMESTAMP',
  double: 'DOUBLE',
  text: 'VARCHAR',
} as const;

const { left, right, columns } = JSON.parse(process.argv[2] as string) as Request;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run("SET TimeZone = 'UTC'");
const select = columns.map(({ name, kind }) => `${name}::${TYPES[kind]} AS ${name}`).join(', ');
const count = async (query: string): Promise<number> =>
  Number((await connection.runAndReadAll(`SELECT count(*) FROM (${query})`)).getRows()[0]?.[0]);
const [a, b] = [left, right].map((path) => `SELECT ${select} FROM read_parquet(${quoted(path)})`) as [string, string];
const comparison: Comparison = {
  rows: [await count(a), await count(b)],
  onlyLeft: await count(`${a} EXCEPT ALL ${b}`),
  onlyRight: await count(`${b} EXCEPT ALL ${a}`),
};
console.log(JSON.stringify(comparison));
