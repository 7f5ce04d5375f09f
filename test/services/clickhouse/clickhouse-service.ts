import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.ts';
import type { PemCertificates } from '../tls/make-pem-certificates.ts';
import { untilReady } from '../until-ready.ts';
import { askForRows } from './ask-clickhouse.ts';
import type { ClickhouseFacts } from './clickhouse-facts.ts';
import type { ServerOptions } from './engine/server-options.ts';
import { type EngineLimits, engineConfiguration } from './engine-configuration.ts';

/** What may differ from one start of a server to the next. */
export interface ClickhouseRestart extends EngineLimits {
  /** What it says of its version, in `version()` and in its errors; `null` = the truth. */
  readonly version?: string | null;
  /** Words before the command of its process, such as those of strace. */
  readonly before?: readonly string[];
}

/** A ClickHouse of one's own, to be broken. */
export class ClickhouseService implements ClickhouseFacts, AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly home: string;
  readonly tls: PemCertificates | null;
  readonly #program: string;
  readonly #chdb: string;
  #process: ServerProcess | null = null;

  /** `program`: of the server's process; `chdb`: the package.json of that package. */
  constructor(facts: ClickhouseFacts, program: string, chdb: string) {
    this.url = facts.url;
    this.host = facts.host;
    this.port = facts.port;
    this.user = facts.user;
    this.password = facts.password;
    this.database = facts.database;
    this.home = facts.home;
    this.tls = facts.tls;
    this.#program = program;
    this.#chdb = chdb;
  }

  /** Of the process that holds the engine; it changes with every start. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** What other processes may know. */
  get facts(): ClickhouseFacts {
    const { url, host, port, user, password, database, home, tls } = this;
    return { url, host, port, user, password, database, home, tls };
  }

  /** For `JSON.stringify`. */
  toJSON(): ClickhouseFacts {
    return this.facts;
  }

  /** Rows of a query, as objects, asked in the default database; 64-bit integers are text. For looking and making tables, not for loads. */
  query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return askForRows(this, sql);
  }

  async start({ version = null, before = [], ...limits }: ClickhouseRestart = {}): Promise<void> {
    const [data, temporary] = [join(this.home, 'data'), join(this.home, 'fifos')];
    for (const folder of [data, temporary]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const options: ServerOptions = {
      ...this.facts,
      data,
      temporary,
      version,
      chdb: this.#chdb,
      configuration: engineConfiguration(this.home, limits),
      tls: this.tls === null ? null : { certFile: this.tls.serverCertFile, keyFile: this.tls.serverKeyFile },
    };
    const file = join(this.home, 'server.json');
    writeFileSync(file, JSON.stringify(options), { mode: 0o600 });
    const log = join(this.home, 'clickhouse.log');
    const [command = '', ...words] = [...before, process.execPath, this.#program, file];
    // Every statement under way holds a thread of the pool while it runs.
    const server = ServerProcess.start(command, words, log, { UV_THREADPOOL_SIZE: '64' });
    this.#process = server;
    await untilReady('ClickHouse', { clickhouse: server }, async () => /^ready$/m.test(server.said));
  }

  /** Kills the engine's process (SIGKILL); answers once it is gone. */
  async kill(): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }

  /** Kills it if it runs, and starts it again on the same port, with the same data. */
  async restart(differences: ClickhouseRestart = {}): Promise<void> {
    await this.kill();
    await this.start(differences);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }
}
