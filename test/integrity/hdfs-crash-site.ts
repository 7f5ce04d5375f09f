import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openStores } from '../../src/registry.ts';
import { joinPath } from '../../src/store/path.ts';
import { Gate, type Passage } from '../services/gate.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';

const COMMAND = resolve('bin/atlas-ingest.js');
const Sqlite = createRequire(resolve('package.json'))('libsql') as typeof import('libsql');
const through = { signal: new AbortController().signal };

/** What a destination says besides its path. */
export interface CrashShape {
  readonly name: string;
  readonly destination: object;
  /** A new target for every moment: nothing is there before. */
  readonly fresh: boolean;
}

/** One file that replaces another; a new folder of partitions. */
export const SHAPES: readonly CrashShape[] = [
  { name: 'one file', destination: { row_group_rows: 300 }, fresh: false },
  { name: 'a new folder', destination: { row_group_rows: 300, partition_by: ['day'] }, fresh: true },
];

/** Where a blow falls: at this request of the run, at this moment of it. */
export type Moment = Pick<Passage, 'index' | 'when'>;

/** Content (SHA-256) by path below the folder of the target, hidden names included; empty folders end with `/`. */
export type Snapshot = Readonly<Record<string, string>>;

/** A project whose target is on a real HDFS behind a gate, and the real command, killed there. */
export class HdfsCrashSite implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'atlas-hdfs-crash-'));
  readonly #folder = `hdfs://lake/crash/${randomBytes(6).toString('hex')}`;
  readonly #shape: CrashShape;
  readonly #gate: Gate;
  readonly #direct: string;
  #target = 0;

  private constructor(shape: CrashShape, gate: Gate, direct: string) {
    this.#shape = shape;
    this.#gate = gate;
    this.#direct = direct;
  }

  static async build(shape: CrashShape, nameNode: string): Promise<HdfsCrashSite> {
    const site = new HdfsCrashSite(shape, await Gate.open(nameNode), nameNode);
    for (const [name, rows] of [
      ['a', 1000],
      ['b', 1400],
    ] as const) {
      writeFileSync(join(site.#root, `${name}.csv`), csvOf(rows));
    }
    await mkdir(join(site.#root, 'metadata'));
    return site;
  }

  /** Goes to a target of its own, where nothing is. */
  move(): void {
    this.#target += 1;
  }

  /** Runs the command; it is killed at `moment`. Answers how it ended, and how many requests it made. */
  async run(
    input: 'a' | 'b',
    moment: Moment | null = null,
  ): Promise<{
    readonly code: number | null;
    readonly killed: boolean;
    readonly requests: number;
    readonly err: string;
  }> {
    writeFileSync(join(this.#root, 'metadata', 'job.json'), this.#document(input));
    const words = [
      COMMAND,
      'run',
      '--ocs',
      'job',
      '--json',
      '--workers',
      '1',
      '--metadata',
      join(this.#root, 'metadata'),
    ];
    const child = spawn(process.execPath, words, {
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let killed = false;
    this.#gate.restart();
    this.#gate.keeper = ({ index, when }) => {
      if (killed) return 'cut';
      if (moment === null || index !== moment.index || when !== moment.when) return 'pass';
      killed = child.kill('SIGKILL');
      return 'cut';
    };
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, killed, requests: this.#gate.count, err };
  }

  /** What lies in the folder of the target; without `hidden` what a reader sees. */
  async snapshot(hidden: boolean): Promise<Snapshot> {
    await using stores = openStores({ lake: hdfsConnection({ url: this.#direct }) });
    const store = await stores.of(this.#at);
    const found: Record<string, string> = {};
    const walk = async (path: string, name: string): Promise<void> => {
      const listed = await store.list(path, through);
      if (listed.length === 0) found[`${name}/`] = 'empty';
      for (const { name: each, kind } of listed) {
        if (!hidden && each.startsWith('.')) continue;
        const below = name === '' ? each : `${name}/${each}`;
        if (kind === 'folder') await walk(joinPath(path, each), below);
        else found[below] = await sum(joinPath(path, each));
      }
    };
    const sum = async (path: string): Promise<string> => {
      await using reader = await store.open(path, through);
      return createHash('sha256')
        .update(await reader.read(0, reader.length))
        .digest('hex');
    };
    if ((await store.look(this.#at, through)).kind === 'folder') await walk(this.#at, '');
    return found;
  }

  /** Intentions that nobody settled. */
  openIntentions(): number {
    const database = new Sqlite(join(this.#root, '.atlas', 'ledger.db'));
    try {
      const [open] = database.prepare('SELECT count(*) FROM intention WHERE ended IS NULL').raw().get() as [number];
      return open;
    } finally {
      database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#gate[Symbol.asyncDispose]();
    await using stores = openStores({ lake: hdfsConnection({ url: this.#direct }) });
    await (await stores.of(this.#folder)).remove(this.#folder, through);
    rmSync(this.#root, { recursive: true, force: true });
  }

  get #at(): string {
    return joinPath(this.#folder, String(this.#target));
  }

  #document(input: string): string {
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'name', type: 'string' },
      { name: 'day', type: 'date' },
    ];
    const path = joinPath(this.#at, this.#shape.fresh ? 'days' : 'table.parquet');
    const destination = { type: 'parquet', path: this.#shape.fresh ? `${path}/` : path, ...this.#shape.destination };
    const source = { type: 'csv', path: join(this.#root, `${input}.csv`), features };
    const lake = declaredHdfs({ url: this.#gate.url }, { attempts: 3 });
    return JSON.stringify({
      version: 1,
      ocs: 'job',
      connections: { lake },
      dataset_config: [{ name: 'set', source, destination }],
    });
  }
}

function csvOf(rows: number): string {
  const lines = ['id,name,day'];
  for (let n = 0; n < rows; n++) lines.push(`${n},name ${(n * 7919) % 997},2024-01-0${1 + (n % 2)}`);
  return `${lines.join('\n')}\n`;
}
