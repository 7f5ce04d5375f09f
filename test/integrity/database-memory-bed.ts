import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CutProxy } from '../services/cut-proxy.ts';

const COMMAND = resolve('bin/atlas-ingest.js');

/** A server and the database in it that holds the table `wide`. */
export interface WideServer {
  readonly kind: 'postgresql' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A run of the command over a whole table, watched from outside. */
export interface WatchedRun {
  /** Bytes that the server has sent so far. */
  readonly sent: () => number;
  /** Most bytes that the process has ever had in memory, as far as was seen. */
  readonly peak: () => number;
  readonly ended: Promise<{ readonly code: number | null; readonly err: string }>;
}

/** A project in a folder of its own whose one dataset is the table `wide`: `id`, and a `text` of about a thousand bytes. */
export class DatabaseMemoryBed implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'atlas-database-memory-'));
  readonly #proxy: CutProxy;
  readonly #server: WideServer;

  private constructor(server: WideServer, proxy: CutProxy) {
    this.#server = server;
    this.#proxy = proxy;
    mkdirSync(join(this.root, 'metadata'));
  }

  static async open(server: WideServer): Promise<DatabaseMemoryBed> {
    return new DatabaseMemoryBed(server, await CutProxy.open(server));
  }

  /** Starts a run; `source` and `destination` = further keys. */
  run(source: object, destination: object, connections: object = {}): WatchedRun {
    const { kind, host, user, database, password } = this.#server;
    const db = { type: kind, host, port: this.#proxy.port, user, password: '${WIDE_PASSWORD}', database };
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'text', type: 'string' },
    ];
    const dataset = {
      name: 'wide',
      source: { type: kind, connection: 'db', table: 'wide', features, ...source },
      destination: { type: 'parquet', path: join(this.root, 'wide.parquet'), ...destination },
    };
    const document = { version: 1, ocs: 'g', connections: { db, ...connections }, dataset_config: [dataset] };
    writeFileSync(join(this.root, 'metadata', 'g.json'), JSON.stringify(document));
    const words = ['run', '--ocs', 'g', '--json', '--workers', '2', '--metadata', join(this.root, 'metadata')];
    const child = spawn(process.execPath, [COMMAND, ...words], {
      env: { ...process.env, NO_COLOR: '1', WIDE_PASSWORD: password },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let [peak, err] = [0, ''];
    const look = setInterval(() => {
      peak = Math.max(peak, peakOf(child.pid ?? 0));
    }, 20);
    child.stderr.on('data', (part) => {
      err += part;
    });
    const ended = new Promise<{ code: number | null; err: string }>((done) => {
      child.once('close', (code) => {
        clearInterval(look);
        done({ code, err });
      });
    });
    return { sent: () => this.#proxy.fromServer, peak: () => peak, ended };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** The high-water mark of a process's memory, bytes; 0 where there is none to be read. */
function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
