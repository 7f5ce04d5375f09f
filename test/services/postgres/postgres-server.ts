import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childPids } from '../child-pids.ts';
import { lives } from '../lives.ts';
import type { ServerAccount } from '../server-account.ts';
import { ServerProcess } from '../server-process.ts';
import { untilReady } from '../until-ready.ts';
import type { PostgresFacts } from './start-postgres.ts';

/** A PostgreSQL of one's own, to be broken. */
export class PostgresServer implements PostgresFacts, AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly home: string;
  readonly tls: PostgresFacts['tls'];
  readonly #program: string;
  readonly #account: ServerAccount | null;
  #process: ServerProcess | null = null;

  constructor(facts: PostgresFacts, program: string, account: ServerAccount | null) {
    this.host = facts.host;
    this.port = facts.port;
    this.user = facts.user;
    this.password = facts.password;
    this.home = facts.home;
    this.tls = facts.tls;
    this.#program = program;
    this.#account = account;
  }

  /** Of the postmaster. */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** What other processes may know. */
  get facts(): PostgresFacts {
    const { host, port, user, password, home, tls } = this;
    return { host, port, user, password, home, tls };
  }

  /** For `JSON.stringify`. */
  toJSON(): PostgresFacts {
    return this.facts;
  }

  /** Adds to `postgresql.conf`; holds from the next start. */
  configure(settings: Readonly<Record<string, string>>): void {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
    appendFileSync(join(this.home, 'data', 'postgresql.conf'), lines.join(''));
  }

  async start(): Promise<void> {
    const log = join(this.home, 'postgres.log');
    const server = ServerProcess.start(this.#program, ['-D', join(this.home, 'data')], log, {}, this.#account);
    this.#process = server;
    await untilReady('PostgreSQL', { postgres: server }, async () => this.#saysReady());
  }

  /** Kills the postmaster and all its processes (SIGKILL), as when the machine dies; answers once they are gone. */
  async kill(): Promise<void> {
    const server = this.#process;
    if (server === null) return;
    const backends = childPids(server.pid);
    await server[Symbol.asyncDispose]();
    for (const pid of backends) this.killBackend(pid);
    while (backends.some(lives)) await sleep(20);
  }

  /** Kills one process of the server (SIGKILL): it ends all other sessions too and recovers by itself. */
  killBackend(pid: number): void {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It was gone already.
    }
  }

  /** Ends it at once if it runs, and starts it again on the same port, with the same data. */
  async restart(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.kill();
    this.configure(settings);
    await this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.home, { recursive: true, force: true });
  }

  #saysReady(): boolean {
    const lines = readFileSync(join(this.home, 'data', 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === this.pid && lines[7]?.trim() === 'ready';
  }
}
