import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { PostgresConnection } from '../../../src/flow/connections.ts';
import { listPostgresTables } from '../../../src/source/postgres/list-tables.ts';
import { describeWithOwnPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { openSource } from './open-source.ts';
import { planOf } from './plan-of.ts';
import { postgresConnection } from './postgres-connection.ts';

const { signal } = new AbortController();
const SECRET = 'a very secret password';

const access = [
  'hostssl all cert_user 127.0.0.1/32 cert',
  'hostssl all postgres 127.0.0.1/32 scram-sha-256',
  'hostssl all reader 127.0.0.1/32 scram-sha-256',
  'host all reader_md5 127.0.0.1/32 password',
  'local all all scram-sha-256',
];

describeWithOwnPostgres('signing in to PostgreSQL', { tls: true, access }, (server) => {
  let database: PostgresDatabase;
  const folder = mkdtempSync(join(tmpdir(), 'atlas-sign-in-'));
  beforeAll(async () => {
    database = await makePostgresDatabase(server());
    await database.query(`CREATE ROLE reader LOGIN PASSWORD '${SECRET}'; CREATE ROLE cert_user LOGIN;
      CREATE TABLE seen (a int, b int); CREATE TABLE hidden (a int); INSERT INTO seen VALUES (1, 2);
      GRANT SELECT (a) ON seen TO reader; CREATE SCHEMA closed; CREATE TABLE closed.x (a int); GRANT SELECT ON closed.x TO reader`);
  });
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => vi.unstubAllEnvs());

  const tls = (other: Partial<NonNullable<PostgresConnection['tls']>> = {}) => ({
    caFile: server().tls?.caFile ?? null,
    certFile: null,
    keyFile: null,
    serverName: 'localhost',
    ...other,
  });
  const reader = (other: Partial<PostgresConnection> = {}) =>
    postgresConnection({ ...server().facts, user: 'reader', password: SECRET }, database.name, {
      tls: tls(),
      ...other,
    });
  const list = (connection: PostgresConnection) => listPostgresTables(connection, 'public', { signal });
  const failure = async (connection: PostgresConnection): Promise<Error> => {
    const error: unknown = await list(connection).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(Error);
    const said = `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack} ${String((error as Error).cause)}`;
    expect(said).not.toContain(SECRET);
    return error as Error;
  };

  it('verifies the server, by the certificate named and the name it must have', async () => {
    expect(await list(reader())).toEqual([{ schema: 'public', name: 'seen' }]);
    expect(await failure(reader({ tls: tls({ caFile: null }) }))).toMatchObject({ code: 'ATLAS_DB_TLS' });
    const named = await failure(reader({ tls: tls({ serverName: 'db.example.org' }) }));
    expect(named).toMatchObject({ code: 'ATLAS_DB_TLS', message: expect.stringContaining('db.example.org') });
    expect(await failure(reader({ tls: tls({ caFile: '/nowhere/ca.pem' }) }))).toMatchObject({ code: 'ATLAS_DB_TLS' });
    vi.stubEnv('PGSSLROOTCERT', server().tls?.caFile ?? '');
    expect((await list(reader({ tls: tls({ caFile: null }) }))).length).toBe(1);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    vi.stubEnv('PGSSLMODE', 'no-verify');
    vi.stubEnv('PGSSLROOTCERT', '');
    expect(await failure(reader({ tls: tls({ caFile: null }) }))).toMatchObject({ code: 'ATLAS_DB_TLS' });
  });

  it('is refused by a server that wants TLS, and by one that has none', async () => {
    const plain = await failure(reader({ tls: null }));
    expect(plain).toMatchObject({ code: 'ATLAS_DB_AUTH', message: expect.stringContaining('28000') });
    const overSocket = await failure(reader({ host: server().home }));
    expect(overSocket).toMatchObject({
      code: 'ATLAS_DB_TLS',
      message: expect.stringContaining('does not support SSL'),
    });
  });

  it('signs in over a Unix socket', async () => {
    expect((await list(reader({ host: server().home, tls: null }))).length).toBe(1);
  });

  it('signs in by a certificate of its own', async () => {
    const { clientCertFile = '', clientKeyFile = '' } = server().tls ?? {};
    const found = await list(
      reader({
        user: 'postgres',
        password: server().password,
        tls: tls({ certFile: clientCertFile, keyFile: clientKeyFile }),
      }),
    );
    expect(found.length).toBe(2);
    const none = await failure(reader({ user: 'cert_user', password: null }));
    expect(none).toMatchObject({ code: 'ATLAS_DB_AUTH' });
  });

  it('takes user and password from the environment and the password file', async () => {
    vi.stubEnv('PGUSER', 'reader');
    vi.stubEnv('PGPASSWORD', SECRET);
    expect((await list(reader({ user: null, password: null }))).length).toBe(1);
    vi.stubEnv('PGPASSWORD', undefined);
    const file = join(folder, 'pass');
    vi.stubEnv('PGPASSFILE', file);
    expect(await failure(reader({ password: null }))).toMatchObject({
      code: 'ATLAS_DB_AUTH',
      message: expect.stringContaining('asks reader for a password, and none is declared'),
    });
    writeFileSync(file, `# passwords\n*:*:*:other:wrong\n127.0.0.1:*:${database.name}:reader:${SECRET}\n`, {
      mode: 0o600,
    });
    expect((await list(reader({ user: null, password: null }))).length).toBe(1);
    chmodSync(file, 0o644);
    expect((await failure(reader({ password: null }))).message).toContain(`chmod 600 ${file}`);
  });

  it('says what is wrong with password, user and database', async () => {
    expect(await failure(reader({ password: 'wrong' }))).toMatchObject({
      code: 'ATLAS_DB_AUTH',
      exit: 1,
      message: expect.stringContaining('password authentication failed for user "reader" (SQLSTATE 28P01)'),
    });
    expect(await failure(reader({ user: 'nobody_here' }))).toMatchObject({ code: 'ATLAS_DB_AUTH' });
    expect(await failure(reader({ database: 'no_such_database' }))).toMatchObject({
      code: 'ATLAS_DB_DATABASE_MISSING',
      message: expect.stringContaining('3D000'),
    });
  });

  it('names the grant that is missing', async () => {
    const denied = (table: string) => planOf(reader(), { table }).catch((error: unknown) => error);
    expect(await denied('hidden')).toMatchObject({
      code: 'ATLAS_DB_DENIED',
      message: expect.stringContaining('public.hidden'),
      hint: 'GRANT SELECT ON "public"."hidden" TO reader;',
    });
    expect(await denied('closed.x')).toMatchObject({
      code: 'ATLAS_DB_DENIED',
      hint: 'GRANT USAGE ON SCHEMA closed TO reader;',
    });
    await using part = await openSource(reader(), { table: 'seen', features: [{ name: 'a', type: 'int32' }] });
    expect((await part.survey({ signal })).tasks.length).toBe(1);
    await using whole = await openSource(reader(), { table: 'seen' });
    await expect(whole.survey({ signal })).rejects.toMatchObject({
      code: 'ATLAS_DB_DENIED',
      hint: 'GRANT SELECT ON seen TO reader;',
    });
  });

  it('says that a server takes no more sessions', async () => {
    await database.query('ALTER ROLE reader CONNECTION LIMIT 0');
    expect(await failure(reader())).toMatchObject({ code: 'ATLAS_DB_BUSY', exit: 75 });
    await database.query('ALTER ROLE reader CONNECTION LIMIT -1');
  });
});
