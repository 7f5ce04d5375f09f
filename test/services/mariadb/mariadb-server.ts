import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerAccount } from '../server-account.ts';
import { ServerProcess } from '../server-process.ts';
import { untilReady } from '../until-ready.ts';
import { openMariadb } from './make-mariadb-database.ts';
import type { MariadbFacts, Settings } from './start-mariadb.ts';

/** A MariaDB of one's own, to be broken. */
export class MariadbServer implements MariadbFacts, AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly home: string;
  readonly tls: MariadbFacts['tls'];
  readonly #program: string;
  readonly #account: ServerAccount | null;
  #settings: Settings = {};
  #process: ServerProcess | null = null;

  constructor(facts: MariadbFacts, program: string, account: ServerAccount | null) {
    this.host = facts.host;
    this.port = facts.port;
    this.user = facts.user;
    this.password = facts.password;
    this.home = facts.home;
    this.tls = facts.tls;
    this.#program = program;
    this.#account = account;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** What other processes may know. */
  get facts(): MariadbFacts {
    const { host, port, user, password, home, tls } = this;
    return { host, port, user, password, home, tls };
  }

  /** For `JSON.stringify`. */
  toJSON(): MariadbFacts {
    return this.facts;
  }

  /** Over what was said before; holds from the next start. */
  configure(settings: Settings): void {
    this.#settings = { ...this.#settings, ...settings };
    const lines = Object.entries(this.#settings).map(([name, value]) => (value === null ? name : `${name}=${value}`));
    writeFileSync(join(this.home, 'mariadb.cnf'), `[mariadbd]\n${lines.join('\n')}\n`);
  }

  async start(): Promise<void> {
    const options = [`--defaults-file=${join(this.home, 'mariadb.cnf')}`];
    const log = join(this.home, 'mariadb.log');
    const server = ServerProcess.start(this.#program, options, log, {}, this.#account);
    this.#process = server;
    await untilReady('MariaDB', { mariadb: server }, async () => {
      const session = await openMariadb(this);
      await session.end();
      return true;
    });
  }

  /** Kills it (SIGKILL), as when the machine dies; answers once it is gone. */
  async kill(): Promise<void> {
    await this.#process?.[Symbol.asyncDispose]();
  }

  /** Ends it at once if it runs, and starts it again on the same port, with the same data. */
  async restart(settings: Settings = {}): Promise<void> {
    await this.kill();
    this.configure(settings);
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }
}
