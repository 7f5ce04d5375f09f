import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type Call, type Injection, parseTrace, straceWords } from './strace.ts';

const COMMAND = resolve('bin/atlas-ingest.js');
const Sqlite = createRequire(resolve('package.json'))('libsql') as typeof import('libsql');

/** How a run of the job is made; its bytes depend on `input` and `groupRows` only. */
export interface Variant {
  readonly input: 'old' | 'new';
  readonly groupRows: number;
  readonly workers: number;
}

/** What to do to a run: an injection by strace, or a kill after so many milliseconds. */
export type Blow = { readonly injection: Injection } | { readonly killAfter: number } | null;

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
  /** Calls that were injured, as strace shows them. */
  readonly hits: readonly Call[];
  readonly milliseconds: number;
}

/** Content by path below the folder of the target. */
export type Snapshot = Readonly<Record<string, string>>;

/** A project in a folder of its own: one dataset, a target with something old in it, a ledger. */
export class CrashSite implements AsyncDisposable {
  readonly root: string;
  readonly folder: boolean;

  private constructor(root: string, folder: boolean) {
    this.root = root;
    this.folder = folder;
  }

  /** `folder`: the target is a new folder with partitions; nothing is there before. */
  static async build(folder: boolean): Promise<CrashSite> {
    const site = new CrashSite(await mkdtemp(join(tmpdir(), 'atlas-crash-')), folder);
    await mkdir(join(site.root, 'now'));
    for (const [name, rows] of [
      ['old', 1000],
      ['new', 2400],
    ] as const) {
      await writeFile(join(site.root, `${name}.csv`), csvOf(rows));
    }
    await site.#prepare();
    return site;
  }

  get target(): string {
    return join(this.root, 'now', 'out', this.folder ? 'days' : 'table.parquet');
  }

  get ledgerPath(): string {
    return join(this.root, 'now', 'state', 'ledger.db');
  }

  /** Back to how it was before any blow: old target, a ledger that knows it. */
  async reset(): Promise<void> {
    await rm(join(this.root, 'now'), { recursive: true, force: true });
    await cp(join(this.root, 'before'), join(this.root, 'now'), { recursive: true });
  }

  /** Runs the real command; `blow` falls on it. `trace` = calls to record. */
  async run(variant: Variant, blow: Blow = null, trace: readonly string[] | null = null): Promise<Ended> {
    await writeFile(join(this.root, 'now', 'metadata', 'job.json'), this.#document(variant));
    const log = join(this.root, 'strace.log');
    const injection = blow !== null && 'injection' in blow ? blow.injection : null;
    const traced = trace ?? (injection === null ? null : [injection.syscall]);
    const words = [
      ...(traced === null ? [] : straceWords(traced, log, injection)),
      ...[process.execPath, COMMAND, 'run', '--ocs', 'job', '--json', '--workers', String(variant.workers)],
      ...['--metadata', join(this.root, 'now', 'metadata'), '--state', join(this.root, 'now', 'state')],
    ];
    const ended = await spawnTo(words, blow !== null && 'killAfter' in blow ? blow.killAfter : null);
    const calls = traced === null ? [] : parseTrace(await readFile(log, 'utf8'));
    return { ...ended, hits: calls.filter(({ injected, syscall }) => injected || syscall === 'none') };
  }

  /** The calls of an undisturbed run. */
  async trace(variant: Variant, syscalls: readonly string[]): Promise<readonly Call[]> {
    await this.reset();
    await this.run(variant, null, syscalls);
    return parseTrace(await readFile(join(this.root, 'strace.log'), 'utf8'));
  }

  /** What lies beside and in the target; without `hidden` what a reader sees. */
  async snapshot(hidden: boolean): Promise<Snapshot> {
    const out = join(this.root, 'now', 'out');
    const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
    const found: Record<string, string> = {};
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const name = relative(out, path);
      if (!hidden && name.startsWith('.')) continue;
      if (entry.isFile())
        found[name] = createHash('sha256')
          .update(await readFile(path))
          .digest('hex');
      else if ((await readdir(path)).length === 0) found[`${name}/`] = 'empty';
    }
    return found;
  }

  /** What is left in the state folder besides the ledger. */
  async leftInState(): Promise<readonly string[]> {
    const names = await readdir(join(this.root, 'now', 'state'), { recursive: true });
    return names.filter((name) => name !== 'ledger.db');
  }

  /** What the ledger says: whether it is sound, how many intentions are open, checksums of what was published last. */
  readLedger(): { readonly sound: string; readonly open: number; readonly files: Snapshot | null } {
    const database = new Sqlite(this.ledgerPath);
    try {
      const [sound] = database.prepare('PRAGMA integrity_check').raw().get() as [string];
      const [open] = database.prepare('SELECT count(*) FROM intention WHERE ended IS NULL').raw().get() as [number];
      const last = database
        .prepare("SELECT body FROM receipt WHERE outcome = 'published' ORDER BY sequence DESC LIMIT 1")
        .get() as { body: string } | undefined;
      const files = last && (JSON.parse(last.body) as { files: { path: string; sha256: string }[] }).files;
      const named = files?.map(({ path, sha256 }) => [this.folder ? `days/${path}` : path, sha256] as const);
      return { sound, open, files: named ? Object.fromEntries(named) : null };
    } finally {
      database.close();
    }
  }

  /** Whether the ledger has an intention or a receipt of exactly these files. */
  knows(content: Snapshot): boolean {
    const database = new Sqlite(this.ledgerPath);
    try {
      const bodies = database
        .prepare('SELECT body FROM intention UNION ALL SELECT body FROM receipt')
        .raw()
        .all() as unknown as [string][];
      const sums = Object.entries(content).flatMap(([path, sum]) => (path.endsWith('.parquet') ? [sum] : []));
      return bodies.some(([body]) => sums.every((sum) => body.includes(sum)));
    } finally {
      database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  async #prepare(): Promise<void> {
    const now = join(this.root, 'now');
    await mkdir(join(now, 'metadata'));
    await mkdir(join(now, 'out'));
    const old = await this.run({ input: 'old', groupRows: 40, workers: 1 });
    if (old.code !== 0) throw new Error(`the first run failed with ${old.code}: ${old.err}`);
    if (this.folder) await rm(this.target, { recursive: true });
    await cp(now, join(this.root, 'before'), { recursive: true });
  }

  #document({ input, groupRows }: Variant): string {
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'name', type: 'string' },
      { name: 'amount', type: 'decimal(9,2)' },
      { name: 'day', type: 'date' },
    ];
    const bounds = { type: 'parquet', path: this.target, row_group_rows: groupRows };
    const destination = this.folder ? { ...bounds, partition_by: ['day'], max_rows_per_file: 300 } : bounds;
    const source = { type: 'csv', path: join(this.root, `${input}.csv`), features };
    return JSON.stringify({ version: 1, ocs: 'job', dataset_config: [{ name: 'set', source, destination }] });
  }
}

function csvOf(rows: number): string {
  const lines = ['id,name,amount,day'];
  for (let n = 0; n < rows; n++)
    lines.push(`${n},name ${(n * 7919) % 997},${n % 100}.${10 + (n % 90)},2024-01-0${1 + (n % 3)}`);
  return `${lines.join('\n')}\n`;
}

/** Runs a command to its end, or for so many milliseconds. */
export function spawnTo(words: readonly string[], killAfter: number | null): Promise<Omit<Ended, 'hits'>> {
  const start = performance.now();
  return new Promise((done, fail) => {
    // One pool thread, so that the n-th call of a thread is the same call in every run.
    const env = { ...process.env, UV_USE_IO_URING: '0', UV_THREADPOOL_SIZE: '1', NO_COLOR: '1' };
    const child = spawn(words[0]!, words.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', fail);
    if (killAfter !== null) setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.on('close', (code, signal) => done({ code, signal, out, err, milliseconds: performance.now() - start }));
  });
}
