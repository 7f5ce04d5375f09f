import { DuckDBInstance } from '@duckdb/node-api';
import { quoted } from '../job.ts';

/** Rows of either file that the other does not hold, counted by `EXCEPT ALL` both ways. */
export interface Comparison {
  readonly rows: readonly [number, number];
  readonly onlyLeft: number;
  readonly onlyRight: number;
}

/** A column, and the type that both sides are cast to. */
export interface ComparedColumn {
  readonly name: string;
  readonly type: string;
}

interface Request {
  readonly left: string;
  readonly right: string;
  readonly columns: readonly ComparedColumn[];
}

const { left, right, columns } = JSON.parse(process.argv[2] as string) as Request;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run("SET TimeZone = 'UTC'");
const select = columns.map(({ name, type }) => `${name}::${type} AS ${name}`).join(', ');
const count = async (query: string): Promise<number> =>
  Number((await connection.runAndReadAll(`SELECT count(*) FROM (${query})`)).getRows()[0]?.[0]);
const [a, b] = [left, right].map((path) => `SELECT ${select} FROM read_parquet(${quoted(path)})`) as [string, string];
const comparison: Comparison = {
  rows: [await count(a), await count(b)],
  onlyLeft: await count(`${a} EXCEPT ALL ${b}`),
  onlyRight: await count(`${b} EXCEPT ALL ${a}`),
};
console.log(JSON.stringify(comparison));
