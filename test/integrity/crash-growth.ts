import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DEADLY } from './crash-moments.ts';
import { type Blow, type Ended, spawnTo } from './crash-site.ts';
import { type Content, contains, contentOf, type FolderView, textOf } from './folder-content.ts';
import { type Call, describeInjection, parseTrace, straceWords } from './strace.ts';

const through = { signal: new AbortController().signal };
const COMMAND = resolve('bin/atlas-ingest.js');
const Sqlite = createRequire(resolve('package.json'))('libsql') as typeof import('libsql');
const RUN = /\d{8}t\d{6}-[0-9a-f]{8}/;

export type GrowthKind = 'append' | 'replace_partitions' | 'versioned';

/** Where the target rests. */
export interface CrashGround {
  readonly store: FolderView;
  /** On HDFS; null = beside everything else. */
  readonly folder: string | null;
  /** The connections of the document. */
  readonly connections: object;
}

/** The local disk. */
export const LOCAL: CrashGround = {
  folder: null,
  connections: {},
  store: {
    look: async (path) => ({ kind: existsSync(path) ? 'there' : 'absent' }),
    list: async (folder) =>
      (await readdir(folder, { withFileTypes: true })).map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? 'folder' : 'file',
      })),
    open: async (path) => {
      const bytes = await readFile(path);
      return { length: bytes.length, read: async () => bytes, [Symbol.asyncDispose]: async () => {} };
    },
    remove: (path) => rm(path, { recursive: true, force: true }),
  },
};

/** A project whose folder a run filled; what is killed is the next load. */
export class GrowthSite implements AsyncDisposable {
  readonly root: string;
  readonly kind: GrowthKind;
  readonly out: string;
  readonly #ground: CrashGround;
  #first = '';

  private constructor(root: string, kind: GrowthKind, ground: CrashGround) {
    this.root = root;
    this.kind = kind;
    this.out = ground.folder ?? join(root, 'now', 'out');
    this.#ground = ground;
  }

  static async build(kind: GrowthKind, ground: CrashGround): Promise<GrowthSite> {
    const site = new GrowthSite(await mkdtemp(join(tmpdir(), 'atlas-growth-')), kind, ground);
    const now = join(site.root, 'now');
    await mkdir(join(now, 'metadata'), { recursive: true });
    await mkdir(join(now, 'in'));
    await writeFile(join(now, 'metadata', 'job.json'), site.#document());
    await writeFile(join(now, 'in', 'a.csv'), csvOf(0, 300, 3));
    const ended = await site.run();
    if (ended.code !== 0) throw new Error(`the first run failed with ${ended.code}: ${ended.err}`);
    site.#first = (JSON.parse(ended.out) as { run: string }).run;
    // appended beside the first, or in its place
    const name = kind === 'append' ? 'b.csv' : 'a.csv';
    await writeFile(join(now, 'in', name), csvOf(1000, 200, 2));
    if (ground.folder === null) await cp(now, join(site.root, 'before'), { recursive: true });
    return site;
  }

  /** Back to how it was before any blow; on a local disk only. */
  async reset(): Promise<void> {
    await rm(join(this.root, 'now'), { recursive: true, force: true });
    await cp(join(this.root, 'before'), join(this.root, 'now'), { recursive: true });
  }

  /** Runs the real command; `blow` falls on it. `trace` = calls to record. */
  async run(blow: Blow = null, trace: readonly string[] | null = null): Promise<Ended> {
    const log = join(this.root, 'strace.log');
    const injection = blow !== null && 'injection' in blow ? blow.injection : null;
    const traced = trace ?? (injection === null ? null : [injection.syscall]);
    const words = [
      ...(traced === null ? [] : straceWords(traced, log, injection)),
      ...[process.execPath, COMMAND, 'run', '--ocs', 'job', '--json', '--workers', '1'],
      ...['--metadata', join(this.root, 'now', 'metadata'), '--state', join(this.root, 'now', 'state')],
    ];
    const ended = await spawnTo(words, blow !== null && 'killAfter' in blow ? blow.killAfter : null);
    const calls = traced === null ? [] : parseTrace(await readFile(log, 'utf8'));
    return { ...ended, hits: calls.filter(({ injected, syscall }) => injected || syscall === 'none') };
  }

  /** The calls of an undisturbed load. */
  async trace(): Promise<readonly Call[]> {
    await this.reset();
    await this.run(null, DEADLY);
    return parseTrace(await readFile(join(this.root, 'strace.log'), 'utf8'));
  }

  /** Data files as a reader finds them, of the current version where there are versions; the first run is called OLD. */
  async view(): Promise<Content> {
    const target = `${this.out}/t`;
    const all = await contentOf(this.#ground.store, target);
    let prefix = '';
    if (this.kind === 'versioned') {
      const pointer = await textOf(this.#ground.store, `${target}/_atlas/current.json`);
      prefix = `${(JSON.parse(pointer) as { path: string }).path}/`;
    }
    const data = Object.entries(all).filter(([path]) => path.endsWith('.parquet') && path.startsWith(prefix));
    return Object.fromEntries(
      data.map(([path, sum]) => {
        const name = path.slice(prefix.length);
        return [name.replace(this.#first, 'OLD').replace(RUN, 'RUN'), sum];
      }),
    );
  }

  /** What is left beside the target, and versions that no pointer names. */
  async orphans(): Promise<readonly string[]> {
    const { store } = this.#ground;
    const beside = (await store.list(this.out, through)).map(({ name }) => name).filter((name) => name !== 't');
    if (this.kind !== 'versioned') return beside;
    const target = `${this.out}/t`;
    const pointer = JSON.parse(await textOf(store, `${target}/_atlas/current.json`)) as {
      versions: string[];
    };
    const there = (await store.list(`${target}/_versions`, through)).map(({ name }) => name);
    return [...beside, ...there.filter((name) => !pointer.versions.includes(name))];
  }

  /** Whether the ledger is sound, how many intentions are open, and how often this content was published after the first run. */
  readLedger(): { readonly sound: string; readonly open: number; readonly published: number } {
    const database = new Sqlite(join(this.root, 'now', 'state', 'ledger.db'));
    try {
      const one = (sql: string) => (database.prepare(sql).raw().get() as [string | number])[0];
      return {
        sound: String(one('PRAGMA integrity_check')),
        open: Number(one('SELECT count(*) FROM intention WHERE ended IS NULL')),
        published: Number(one("SELECT count(*) FROM receipt WHERE outcome = 'published'")) - 1,
      };
    } finally {
      database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
    if (this.#ground.folder !== null) await this.#ground.store.remove(this.#ground.folder, through);
  }

  #document(): string {
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'name', type: 'string' },
      { name: 'day', type: 'date' },
    ];
    const how = this.kind === 'versioned' ? { layout: 'versioned' } : { mode: this.kind };
    const bounds = { row_group_rows: 40, max_rows_per_file: 80, partition_by: ['day'] };
    const destination = { type: 'parquet', path: `${this.out}/t`, ...bounds, ...how };
    const source = { type: 'csv', path: join(this.root, 'now', 'in', '*.csv'), features };
    const { connections } = this.#ground;
    return JSON.stringify({
      version: 1,
      ocs: 'job',
      connections,
      dataset_config: [{ name: 'set', source, destination }],
    });
  }
}

function csvOf(from: number, rows: number, days: number): string {
  const lines = Array.from({ length: rows }, (_, n) => `${from + n},name ${n % 17},2024-01-0${1 + (n % days)}`);
  return `id,name,day\n${lines.join('\n')}\n`;
}

/** What a reader finds before the load and after it. */
export interface GrowthEnds {
  readonly old: Content;
  readonly wanted: Content;
  readonly milliseconds: number;
}

export async function growthEnds(site: GrowthSite): Promise<GrowthEnds> {
  const old = await site.view();
  const { code, err, milliseconds } = await site.run();
  if (code !== 0) throw new Error(`an undisturbed load failed with ${code}: ${err}`);
  return { old, wanted: await site.view(), milliseconds };
}

/** Plays blows through, one after the other, and the load once more; answers the promises that were broken. */
export async function tryGrowth(
  site: GrowthSite,
  { old, wanted }: GrowthEnds,
  blows: readonly Exclude<Blow, null>[],
): Promise<{ readonly about: string; readonly fell: boolean; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  let fell = false;
  for (const blow of blows) {
    const ended = await site.run(blow);
    fell ||= ended.signal === 'SIGKILL' || ended.hits.length > 0;
    const now = await site.view();
    if (!isBetween(site.kind, now, old, wanted)) problems.push(`a reader sees ${Object.keys(now).join(', ')}`);
    if (ended.code === 0 && !same(now, wanted)) problems.push('it says success, and the rows are not there');
  }
  for (const time of ['next', 'last']) {
    const { code, err, out } = await site.run();
    if (code !== 0) problems.push(`the ${time} run ended with ${code}: ${err.trim()} ${out.slice(0, 300)}`);
    const now = await site.view();
    if (!same(now, wanted)) problems.push(`the ${time} run left ${Object.keys(now).join(', ')}`);
    const orphans = await site.orphans();
    if (orphans.length > 0) problems.push(`the ${time} run left beside it: ${orphans.join(', ')}`);
    const ledger = site.readLedger();
    if (ledger.sound !== 'ok') problems.push(`the ledger is damaged: ${ledger.sound}`);
    if (ledger.open !== 0) problems.push(`${ledger.open} intentions are open`);
    if (site.kind === 'append' && ledger.published !== 1) problems.push(`appended ${ledger.published} times`);
  }
  const about = blows.map((blow) =>
    'killAfter' in blow ? `kill after ${blow.killAfter} ms` : describeInjection(blow.injection),
  );
  return { about: about.join(', then '), fell, problems };
}

function isBetween(kind: GrowthKind, now: Content, old: Content, wanted: Content): boolean {
  if (kind === 'versioned') return same(now, old) || same(now, wanted);
  return contains({ ...old, ...wanted }, now) && (contains(now, old) || contains(now, wanted));
}

function same(one: Content, other: Content): boolean {
  return contains(one, other) && contains(other, one);
}
