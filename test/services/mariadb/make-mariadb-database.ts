import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { type Connection, createConnection } from 'mysql2/promise';
import type { MariadbFacts } from './start-mariadb.ts';

/** A row as the server prints it. */
export type TextRow = readonly (string | null)[];

/** A database with a name of its own, dropped when it is disposed. */
export interface MariadbDatabase extends AsyncDisposable {
  readonly name: string;
  /** `mysql://user:password@host:port/name`. */
  readonly url: string;
  /** A session that stays; every value as the server's text (utf8mb4). One that was broken is opened anew by the next query. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly TextRow[]>;
}

/** Words after `CREATE DATABASE name`, such as `CHARACTER SET latin1`. */
export async function makeMariadbDatabase(server: MariadbFacts, words = ''): Promise<MariadbDatabase> {
  const name = `atlas_${randomBytes(6).toString('hex')}`;
  await once(server, `CREATE DATABASE ${name} ${words}`);
  let session: Connection | null = null;
  return {
    name,
    url: `mysql://${server.user}:${server.password}@${server.host}:${server.port}/${name}`,
    query: async (sql, values) => {
      session ??= await openMariadb(server, name, () => {
        session = null;
      });
      return rowsOf(await session.query({ sql, rowsAsArray: true, values: [...(values ?? [])] }));
    },
    [Symbol.asyncDispose]: async () => {
      await session?.end().catch(() => {});
      await once(server, `DROP DATABASE IF EXISTS ${name}`);
    },
  };
}

/** A session that may do everything, whose values are all text, and which takes several statements; `broken` is told when it is lost. */
export async function openMariadb(server: MariadbFacts, database = '', broken = (): void => {}): Promise<Connection> {
  const { host, port, user, password, tls } = server;
  const session = await createConnection({
    ...{ host, port, user, password, charset: 'utf8mb4', multipleStatements: true },
    ...(database === '' ? {} : { database }),
    ...(tls === null ? {} : { ssl: { ca: readFileSync(tls.caFile, 'utf8'), verifyIdentity: false } }),
    typeCast: (field) => field.buffer()?.toString('utf8') ?? null,
  });
  // An error that ends a query is told to that query only.
  (session as unknown as { connection: { stream: Duplex } }).connection.stream.once('close', broken);
  session.on('error', () => {});
  return session;
}

async function once(server: MariadbFacts, sql: string): Promise<void> {
  const session = await openMariadb(server);
  try {
    await session.query(sql);
  } finally {
    await session.end();
  }
}

/** Rows of the last of several statements; none where it answers none. */
function rowsOf([result, columns]: readonly [unknown, unknown]): readonly TextRow[] {
  if (!Array.isArray(columns)) return [];
  const several = columns.every((each) => each === undefined || Array.isArray(each));
  const last: unknown = several && Array.isArray(result) ? result.at(-1) : result;
  return Array.isArray(last) ? last : [];
}
