import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { PostgresFacts } from './start-postgres.ts';

/** A row as the server prints it. */
export type TextRow = readonly (string | null)[];

/** A database with a name of its own, dropped when it is disposed. */
export interface PostgresDatabase extends AsyncDisposable {
  readonly name: string;
  /** `postgresql://user:password@host:port/name`. */
  readonly url: string;
  /** A session that stays; every value as the server's text. One that was broken is opened anew by the next query. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly TextRow[]>;
}

/** Words after `CREATE DATABASE name`, such as `TEMPLATE template0 ENCODING 'LATIN1'`. */
export async function makePostgresDatabase(server: PostgresFacts, words = ''): Promise<PostgresDatabase> {
  const name = `atlas_${randomBytes(6).toString('hex')}`;
  await once(server, `CREATE DATABASE ${name} ${words}`);
  let client: pg.Client | null = null;
  const end = async (): Promise<void> => {
    const open = client;
    client = null;
    await open?.end().catch(() => {});
  };
  return {
    name,
    url: `postgresql://${server.user}:${server.password}@${server.host}:${server.port}/${name}`,
    query: async (sql, values) => {
      client ??= await openPostgres(server, name, () => {
        client = null;
      });
      return rowsOf(await client.query({ text: sql, values: [...(values ?? [])], rowMode: 'array' }));
    },
    [Symbol.asyncDispose]: async () => {
      await end();
      await once(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** A session of the superuser whose values are all text; `broken` is told when it is lost. */
export async function openPostgres(
  server: PostgresFacts,
  database: string,
  broken = (): void => {},
): Promise<pg.Client> {
  const { host, port, user, password, tls } = server;
  const client = new pg.Client({
    ...{ host, port, user, password, database },
    ...(tls === null ? {} : { ssl: { ca: readFileSync(tls.caFile, 'utf8'), servername: 'localhost' } }),
    types: { getTypeParser: () => (value: unknown) => value },
  });
  client.on('error', broken);
  await client.connect();
  return client;
}

async function once(server: PostgresFacts, sql: string): Promise<void> {
  const client = await openPostgres(server, 'postgres');
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Rows of the last of several statements. */
function rowsOf(result: pg.QueryArrayResult | readonly pg.QueryArrayResult[]): readonly TextRow[] {
  const last = Array.isArray(result) ? (result.at(-1) as pg.QueryArrayResult) : (result as pg.QueryArrayResult);
  return last.rows as unknown as readonly TextRow[];
}
