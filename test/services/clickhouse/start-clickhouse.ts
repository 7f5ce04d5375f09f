import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { serviceHome } from '../service-home.ts';
import { makePemCertificates } from '../tls/make-pem-certificates.ts';
import { type ClickhouseRestart, ClickhouseService } from './clickhouse-service.ts';
import { serverProgram } from './server-program.ts';

/** What differs from the one that tests share. */
export interface ClickhouseOptions extends ClickhouseRestart {
  /** Its default database; `atlas` where none is given. */
  readonly database?: string;
  /** `default` where none is given. The password is made up. */
  readonly user?: string;
  /** Speaks https only, as `localhost`, with an authority of its own. */
  readonly tls?: boolean;
}

/**
 * Starts a ClickHouse (26.7, through chdb) behind an HTTP interface like a server's, in a process of its own (about 300 MB), within a
 * second or two:
 *
 * ```ts
 * await using clickhouse = await startClickhouse();
 * const { url, user, password, database } = clickhouse; // for @clickhouse/client, curl, or a connection of ours
 * await clickhouse.query('SELECT 1 AS one'); // to look, without any client: [{ one: 1 }]
 * await clickhouse.restart({ version: '20.8.1.1' }); // killed (SIGKILL) and started again on the same data and port
 * ```
 *
 * As a server's: `/ping`; `query`, `database`, `query_id`, `param_…`, `default_format` and settings in the URL; statements in the URL,
 * the body or a form; user and password (194, 516); INSERT bodies in any FORMAT, streamed (gzip, deflate, br), which fail where they
 * break off; status, `X-ClickHouse-…` headers, summary and exception texts; many statements at once; `system.processes` and KILL QUERY
 * by the clients' query_ids; an id that is under way twice is refused (216); statements go on when their client is gone.
 *
 * Not as a server's: answers come whole, when a statement has ended; there are no sessions, roles or `system.query_log`; the user's name
 * is the interface's own, the engine's is `default` with all rights, or those of `grants`; `log_comment` is the interface's own; the
 * database `default` is there but not Atomic, so requests that name none go to `database`.
 *
 * Tests that break nothing share one: `describeWithClickhouse`.
 */
export async function startClickhouse(options: ClickhouseOptions = {}): Promise<ClickhouseService> {
  const { database = 'atlas', user = 'default', tls = false, ...start } = options;
  const home = serviceHome('clickhouse');
  try {
    const [port, program] = [await freePort(), await serverProgram(home)];
    const certificates = tls ? await makePemCertificates(join(home, 'certificates'), user) : null;
    const url = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    const password = randomBytes(12).toString('hex');
    const facts = { url, host: '127.0.0.1', port, user, password, database, home, tls: certificates };
    const service = new ClickhouseService(facts, program, chdbPackage() as string);
    await service.start(start);
    return service;
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

/** The package.json of chdb; `null` where it is not installed, or has nothing for this machine. */
export function chdbPackage(): string | null {
  const { resolve } = createRequire(import.meta.url);
  try {
    const file = resolve('chdb/package.json');
    createRequire(file).resolve(
      `@chdb/lib-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`,
    );
    return file;
  } catch {
    return null;
  }
}
