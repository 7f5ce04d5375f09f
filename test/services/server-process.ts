import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { onPath } from './on-path.ts';
import type { ServerAccount } from './server-account.ts';

/** A server that ends with us: when it is disposed, and, by the kernel's hand, when this process dies however it dies. */
export class ServerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #log: string;

  private constructor(child: ChildProcess, log: string) {
    this.#child = child;
    this.#log = log;
  }

  /** Starts a program, as `account` where one is given; what it prints goes to the file `log`. */
  static start(
    command: string,
    args: readonly string[],
    log: string,
    environment: Readonly<Record<string, string>> = {},
    account: ServerAccount | null = null,
  ): ServerProcess {
    // Linux only: elsewhere a killed test run leaves its servers behind.
    const [program, ...before] = onPath('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', command] : [command];
    const file = openSync(log, 'w');
    const child = spawn(program as string, [...before, ...args], {
      stdio: ['ignore', file, file],
      env: { ...process.env, ...environment },
      ...account,
    });
    closeSync(file);
    child.on('error', () => {});
    return new ServerProcess(child, log);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get ended(): boolean {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The end of what it printed. */
  get said(): string {
    return readFileSync(this.#log, 'utf8').slice(-2000);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Kills it and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ended) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    // A stopped process is killed too, but says so only once it goes on.
    this.#child.kill('SIGCONT');
    await gone;
  }
}
