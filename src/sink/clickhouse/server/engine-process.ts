import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AtlasError } from '../../../errors.ts';
import { storeError } from '../../../store/store-error.ts';
import type { FromEngine, ToEngine } from './engine-message.ts';
import { parseException } from './parse-exception.ts';

/** The compiled process, from the build and from the sources under test alike. */
const ENTRY = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../../dist/sink/clickhouse/server/engine-host.js' : './engine-host.js',
    import.meta.url,
  ),
);

/** How long the engine may take to close: it writes nothing that was not written before. */
const CLOSING_MS = 10_000;
/** Each statement under way holds a thread there. */
const THREADS = '64';

/** A statement that has no number yet. */
export type NewStatement =
  | Omit<Extract<ToEngine, { type: 'run' }>, 'id'>
  | Omit<Extract<ToEngine, { type: 'insert' }>, 'id'>;

/** What hears of one statement. `gone`: the process ended before it answered. */
export interface EngineListener {
  feed?(path: string): void;
  done(bytes: Uint8Array): void;
  failed(reason: string): void;
  gone(error: AtlasError): void;
}

/** The process that holds the embedded engine: see `engine-host.ts`. */
export class EngineProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #listeners = new Map<number, EngineListener>();
  readonly #ended: Promise<void>;
  #died: AtlasError | null = null;
  #closing = false;
  #last = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#child = fork(ENTRY, [], {
      execArgv: [],
      // certificates that Node would parse at its start: nobody is called there
      env: { ...process.env, UV_THREADPOOL_SIZE: THREADS, NODE_EXTRA_CA_CERTS: undefined },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code: number | null, signal: NodeJS.Signals | null) => {
        this.#die(this.#deathBy(code, signal));
        resolve();
      });
    });
    this.#child.on('error', (error) => this.#die(this.#deathBy(null, null, error)));
  }

  /** Starts it over a folder. Fails with ATLAS_CH_ENGINE_LOCKED, ATLAS_CH_ENGINE_MISSING, ATLAS_CH_ENGINE_DIED, ATLAS_STORE_WRITE, or as the signal does. */
  static async open(folder: string, database: string, signal: AbortSignal): Promise<EngineProcess> {
    signal.throwIfAborted();
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storeError(error, 'make the folder', folder);
    }
    const engine = new EngineProcess(folder);
    try {
      await engine.#open(database, signal);
      return engine;
    } catch (error) {
      engine.kill();
      await engine.#ended;
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Begins a statement; answers the number by which it is ended or stopped. */
  begin(message: NewStatement, listener: EngineListener): number {
    this.#last += 1;
    const id = this.#last;
    if (this.#died !== null) {
      const died = this.#died;
      queueMicrotask(() => listener.gone(died));
      return id;
    }
    this.#listeners.set(id, listener);
    this.#send({ ...message, id } as ToEngine);
    return id;
  }

  end(id: number): void {
    this.#send({ type: 'end', id });
  }

  stop(id: number): void {
    this.#send({ type: 'stop', id });
  }

  /** Ends it at once; statements under way fail with ATLAS_CH_ENGINE_DIED. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closing && this.#died === null) this.#send({ type: 'close' });
    this.#closing = true;
    const late = setTimeout(() => this.kill(), CLOSING_MS);
    await this.#ended;
    clearTimeout(late);
  }

  #send(message: ToEngine): void {
    if (this.#child.connected) this.#child.send(message, () => {}); // where it cannot be sent, `close` tells everybody
  }

  #open(database: string, signal: AbortSignal): Promise<void> {
    let said = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4096);
    });
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.#listeners.set(0, { done: () => resolve(), failed: () => {}, gone: reject });
      this.#child.on('message', (message: FromEngine) => {
        if (message.type === 'missing') reject(new AtlasError('ATLAS_CH_ENGINE_MISSING', 'chdb is not installed'));
        else if (message.type === 'broken') reject(this.#brokenBy(message.reason, said));
        else if (message.type === 'opened') this.#listeners.get(0)?.done(new Uint8Array());
        else this.#hear(message);
        if (!('id' in message)) {
          this.#listeners.delete(0);
          signal.removeEventListener('abort', stop);
        }
      });
      this.#send({ type: 'open', folder: this.#folder, database });
    });
  }

  #hear(message: Extract<FromEngine, { id: number }>): void {
    const listener = this.#listeners.get(message.id);
    if (message.type !== 'feed') this.#listeners.delete(message.id);
    if (message.type === 'feed') listener?.feed?.(message.path);
    else if (message.type === 'done') listener?.done(message.bytes);
    else listener?.failed(message.reason);
  }

  #die(error: AtlasError): void {
    this.#died ??= error;
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const each of listeners) each.gone(this.#died);
  }

  #deathBy(code: number | null, signal: NodeJS.Signals | null, cause?: Error): AtlasError {
    const how = signal ?? (code === null ? 'before it began' : `code ${code}`);
    const message = this.#closing
      ? `the embedded engine of ${this.#folder} was closed`
      : `the process of the embedded engine (${this.pid}, over ${this.#folder}) ended: ${how}`;
    return new AtlasError('ATLAS_CH_ENGINE_DIED', message, { cause });
  }

  /** What it says where the engine does not open: to the standard error, in its own words. */
  #brokenBy(reason: string, said: string): AtlasError {
    const exception = parseException(said) ?? parseException(reason);
    if (exception?.number === 76) {
      const pid = /^PID: (\d+)/m.exec(readStatus(this.#folder))?.[1];
      const who = pid === undefined ? 'another process' : `process ${pid}`;
      return new AtlasError('ATLAS_CH_ENGINE_LOCKED', `${this.#folder} is open in ${who}`);
    }
    const words = exception === null ? reason : `${exception.number} ${exception.type} ${exception.message}`;
    return new AtlasError('ATLAS_CH_ENGINE_DIED', `the embedded engine does not open ${this.#folder}: ${words.trim()}`);
  }
}

/** The engine's own note in its folder: who holds it. */
function readStatus(folder: string): string {
  try {
    return readFileSync(join(folder, 'status'), 'latin1');
  } catch {
    return '';
  }
}
