import { createConnection } from 'mysql2';
import { databaseJobOf } from '../database-job.ts';

/** mysql2's stream: the loop over objects that most Node programs would read with. Writes nothing. */
const { host, port, user, password, database, table } = databaseJobOf();
const connection = createConnection({ host, port, user, password, database });
let rows = 0;
for await (const row of connection.query(`SELECT * FROM ${table}`).stream()) {
  if ((row as Record<string, unknown>)['id'] !== null) rows += 1;
}
console.log(rows);
connection.end();
