import { createRequire } from 'node:module';
import pg from 'pg';
import { databaseJobOf } from '../database-job.ts';

/** pg-cursor: the loop over objects that most Node programs would read with. Writes nothing. */
interface Cursor {
  read(rows: number): Promise<readonly Record<string, unknown>[]>;
}

const Cursor = createRequire(import.meta.url)('pg-cursor') as new (text: string) => Cursor;
const { host, port, user, password, database, table } = databaseJobOf();
const client = new pg.Client({ host, port, user, password, database });
await client.connect();
const cursor = client.query(new Cursor(`SELECT * FROM ${table}`) as unknown as pg.Submittable) as unknown as Cursor;
let rows = 0;
for (let batch = await cursor.read(10_000); batch.length > 0; batch = await cursor.read(10_000)) {
  for (const row of batch) if (row['id'] !== null) rows += 1;
}
console.log(rows);
await client.end();
