import { createReadStream } from 'node:fs';
import { createClient } from '@clickhouse/client';
import { parse } from 'csv-parse';
import { BENCH_TABLE, clickhouseJobOf } from '../clickhouse-job.ts';

/** csv-parse and @clickhouse/client: objects as JSONEachRow, the stream that most Node programs would be made of. */
const { input, server } = clickhouseJobOf(process.argv);
if (server === null) throw new Error('a server is needed');
const { url, user: username, password, database } = server;
const client = createClient({ url, username, password, database, request_timeout: 600_000 });
await client.insert({
  table: BENCH_TABLE.name,
  values: createReadStream(input).pipe(parse({ columns: true })),
  format: 'JSONEachRow',
});
await client.close();
