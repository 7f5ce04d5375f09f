import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { handOver } from '../hand-over.ts';
import { runQuietly } from '../run-quietly.ts';
import { serverAccount } from '../server-account.ts';
import { serviceHome } from '../service-home.ts';
import { makePemCertificates, type PemCertificates } from '../tls/make-pem-certificates.ts';
import { makePostgresPrograms } from './make-postgres-programs.ts';
import { type PostgresPrograms, postgresPrograms } from './postgres-programs.ts';
import { PostgresServer } from './postgres-server.ts';

/** How to reach a PostgreSQL, as its superuser. */
export interface PostgresFacts {
  /** `127.0.0.1`; `localhost` is the name in its certificate. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Folder of its data, logs and its Unix socket. */
  readonly home: string;
  /** Where it speaks TLS (it takes plain connections too, unless `access` says otherwise). */
  readonly tls: PemCertificates | null;
}

/** What differs from the one that tests share. */
export interface PostgresOptions {
  /** Of `postgresql.conf`, over what stands there anyway; `timezone` is that of sessions which set none. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Other ones than those that are found first. */
  readonly programs?: PostgresPrograms | null;
  /** Makes certificates and turns TLS on. */
  readonly tls?: boolean;
  /** Lines of `pg_hba.conf`, instead of scram-sha-256 for all. */
  readonly access?: readonly string[];
}

/** Quick, small, and careless of a machine that dies, not of a server that does. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  shared_buffers: '64MB',
  max_connections: '200',
  max_wal_size: '4GB',
  autovacuum_naptime: '1h',
  listen_addresses: '127.0.0.1',
  log_line_prefix: '%m [%p] ',
};

/** Where no line says otherwise: passwords over TCP, and over the socket in its folder. */
const ACCESS: readonly string[] = ['host all all 127.0.0.1/32 scram-sha-256', 'local all all scram-sha-256'];

/** Makes a cluster and starts it, as an account that is not root. Fails with the end of its log. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const home = serviceHome('postgres');
  const account = serverAccount('postgres');
  const [user, password, port] = ['postgres', randomBytes(12).toString('hex'), await freePort()];
  let server: PostgresServer | null = null;
  try {
    const bin = makePostgresPrograms(options.programs ?? postgresPrograms(), home);
    const tls = options.tls === true ? await makePemCertificates(join(home, 'certificates'), user) : null;
    writeFileSync(join(home, 'password'), password, { mode: 0o600 });
    mkdirSync(join(home, 'data'), { mode: 0o700 });
    chmodSync(home, 0o755);
    handOver(home, account);
    const cluster = ['-D', join(home, 'data'), '--username', user, '--pwfile', join(home, 'password')];
    const kind = ['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'];
    await runQuietly(join(bin, 'initdb'), [...cluster, ...kind], account);
    const settings = {
      ...SETTINGS,
      port: String(port),
      unix_socket_directories: home,
      ...secured(tls),
      ...options.settings,
    };
    const facts = { host: '127.0.0.1', port, user, password, home, tls };
    server = new PostgresServer(facts, join(bin, 'postgres'), account);
    server.configure(settings);
    writeFileSync(join(home, 'data', 'pg_hba.conf'), `${(options.access ?? ACCESS).join('\n')}\n`);
    await server.start();
    return server;
  } catch (error) {
    await server?.[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

function secured(tls: PemCertificates | null): Readonly<Record<string, string>> {
  if (tls === null) return {};
  return { ssl: 'on', ssl_ca_file: tls.caFile, ssl_cert_file: tls.serverCertFile, ssl_key_file: tls.serverKeyFile };
}
