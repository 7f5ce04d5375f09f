import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { handOver } from '../hand-over.ts';
import { runQuietly } from '../run-quietly.ts';
import { serverAccount } from '../server-account.ts';
import { serviceHome } from '../service-home.ts';
import { makePemCertificates, type PemCertificates } from '../tls/make-pem-certificates.ts';
import { mariadbPrograms } from './mariadb-programs.ts';
import { MariadbServer } from './mariadb-server.ts';

/** How to reach a MariaDB, as a user who may do everything. */
export interface MariadbFacts {
  /** `127.0.0.1`; `localhost` is the name in its certificate. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Folder of its data, logs and its Unix socket (`mariadb.sock`). */
  readonly home: string;
  /** Where it speaks TLS (it takes plain connections too, unless a setting says otherwise). */
  readonly tls: PemCertificates | null;
}

/** What differs from the one that tests share. */
export interface MariadbOptions {
  /**
   * Of the section `[mariadbd]`, over what stands there anyway: `local-infile`, `default-time-zone`, `skip-log-bin`, …; `null` for one
   * without a value.
   */
  readonly settings?: Settings;
  /** Makes certificates and turns TLS on. */
  readonly tls?: boolean;
}

/** Names and values of an option file. */
export type Settings = Readonly<Record<string, string | null>>;

/** Quick, small, and careless of a machine that dies, not of a server that does; the binary log is on, as consistent parallel readers want it. */
const SETTINGS: Settings = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': null,
  'log-bin': 'binlog',
  'binlog-format': 'ROW',
  'sync-binlog': '0',
  'max-binlog-size': '64M',
  // Newer ones than 11.4 know it.
  'loose-max-binlog-total-size': '256M',
  'innodb-flush-log-at-trx-commit': '2',
  'innodb-flush-method': 'nosync',
  'innodb-buffer-pool-size': '128M',
  'innodb-log-file-size': '256M',
  'character-set-server': 'utf8mb4',
  'performance-schema': 'OFF',
  'max-connections': '200',
};

/** Makes a data folder and starts a server on it, as an account that is not root. Fails with the end of its log. */
export async function startMariadb(options: MariadbOptions = {}): Promise<MariadbServer> {
  const programs = mariadbPrograms();
  if (programs === null) throw new Error('there is no MariaDB here');
  const home = serviceHome('mariadb');
  const account = serverAccount('mysql');
  const [user, password, port] = ['tests', randomBytes(12).toString('hex'), await freePort()];
  let server: MariadbServer | null = null;
  try {
    const tls = options.tls === true ? await makePemCertificates(join(home, 'certificates'), user) : null;
    const everywhere = `'${user}'@'%' IDENTIFIED BY '${password}' WITH GRANT OPTION`;
    writeFileSync(join(home, 'users.sql'), `GRANT ALL PRIVILEGES ON *.* TO ${everywhere};\n`, { mode: 0o600 });
    chmodSync(home, 0o755);
    handOver(home, account);
    const data = join(home, 'data');
    const kind = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    await runQuietly(programs.install, ['--no-defaults', `--datadir=${data}`, ...kind], account);
    const files = {
      datadir: data,
      socket: join(home, 'mariadb.sock'),
      'pid-file': join(home, 'mariadb.pid'),
      'init-file': join(home, 'users.sql'),
    };
    const facts = { host: '127.0.0.1', port, user, password, home, tls };
    server = new MariadbServer(facts, programs.server, account);
    server.configure({ ...SETTINGS, ...files, port: String(port), ...secured(tls), ...options.settings });
    await server.start();
    return server;
  } catch (error) {
    await server?.[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

function secured(tls: PemCertificates | null): Settings {
  return tls === null ? {} : { 'ssl-ca': tls.caFile, 'ssl-cert': tls.serverCertFile, 'ssl-key': tls.serverKeyFile };
}
