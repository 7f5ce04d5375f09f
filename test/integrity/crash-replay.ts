import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { DEADLY, type Dice } from './crash-moments.ts';
import { type Blow, type Ended, type Snapshot, spawnTo } from './crash-site.ts';
import { type Call, describeInjection, parseTrace, straceWords } from './strace.ts';

const COMMAND = resolve('bin/atlas-ingest.js');
const Sqlite = createRequire(resolve('package.json'))('libsql') as typeof import('libsql');
const RUN = /\d{8}t\d{6}-[0-9a-f]{8}/g;
const ROWS = 400;

/** A project whose last run left rejects, mended but for a few: what is killed is their replay. */
export class ReplaySite implements AsyncDisposable {
  readonly root: string;
  readonly folder: boolean;
  /** The run whose rejects are replayed. */
  run = '';

  private constructor(root: string, folder: boolean) {
    this.root = root;
    this.folder = folder;
  }

  /** `folder`: the target has partitions, and files are added to it. */
  static async build(folder: boolean): Promise<ReplaySite> {
    const site = new ReplaySite(await mkdtemp(join(tmpdir(), 'atlas-replay-')), folder);
    const now = join(site.root, 'now');
    await mkdir(join(now, 'metadata'), { recursive: true });
    await mkdir(join(now, 'out'));
    const lines = Array.from(
      { length: ROWS },
      (_, n) => `${n},name ${n % 17},${n % 3 ? '1.5' : 'bad'},2024-01-0${1 + (n % 5)}`,
    );
    await writeFile(join(site.root, 'in.csv'), `id,name,amount,day\n${lines.join('\n')}\n`);
    await writeFile(join(now, 'metadata', 'job.json'), site.#document());
    const ended = await site.command(['run', '--ocs', 'job']);
    if (ended.code !== 0) throw new Error(`the first run failed with ${ended.code}: ${ended.err}`);
    const result = JSON.parse(ended.out) as { run: string; datasets: { rejects: { path: string } }[] };
    site.run = result.run;
    const path = result.datasets[0]!.rejects.path;
    const rejects = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const mended = rejects.map((line, index) => (index % 9 === 8 ? line : line.replace(',bad,', ',2.25,')));
    await writeFile(path, `${mended.join('\n')}\n`);
    await cp(now, join(site.root, 'before'), { recursive: true });
    return site;
  }

  get target(): string {
    return join(this.root, 'now', 'out', this.folder ? 'days' : 'table.parquet');
  }

  async reset(): Promise<void> {
    await rm(join(this.root, 'now'), { recursive: true, force: true });
    await cp(join(this.root, 'before'), join(this.root, 'now'), { recursive: true });
  }

  replay(blow: Blow = null, trace: readonly string[] | null = null): Promise<Ended> {
    return this.command(['replay', this.run], blow, trace);
  }

  /** Runs the real command; `blow` falls on it. `trace` = calls to record. */
  async command(words: readonly string[], blow: Blow = null, trace: readonly string[] | null = null): Promise<Ended> {
    const log = join(this.root, 'strace.log');
    const injection = blow !== null && 'injection' in blow ? blow.injection : null;
    const traced = trace ?? (injection === null ? null : [injection.syscall]);
    const all = [
      ...(traced === null ? [] : straceWords(traced, log, injection)),
      ...[process.execPath, COMMAND, ...words, '--json', '--workers', '1'],
      ...['--metadata', join(this.root, 'now', 'metadata'), '--state', join(this.root, 'now', 'state')],
    ];
    const ended = await spawnTo(all, blow !== null && 'killAfter' in blow ? blow.killAfter : null);
    const calls = traced === null ? [] : parseTrace(await readFile(log, 'utf8'));
    return { ...ended, hits: calls.filter(({ injected, syscall }) => injected || syscall === 'none') };
  }

  /** The calls of an undisturbed replay. */
  async trace(): Promise<readonly Call[]> {
    await this.reset();
    await this.replay(null, DEADLY);
    return parseTrace(await readFile(join(this.root, 'strace.log'), 'utf8'));
  }

  /** Content by path of what lies beside and in the target; runs have one name in it. Without `hidden` what a reader sees. */
  async snapshot(hidden: boolean): Promise<Snapshot> {
    const out = join(this.root, 'now', 'out');
    const entries = await readdir(out, { recursive: true, withFileTypes: true });
    const found: Record<string, string> = {};
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const name = relative(out, path);
      if (!entry.isFile() || (!hidden && name.startsWith('.'))) continue;
      const bytes = await readFile(path);
      const content = name.endsWith('.json') ? bytes.toString().replaceAll(RUN, 'RUN') : bytes;
      found[name.replaceAll(RUN, 'RUN')] = createHash('sha256').update(content).digest('hex');
    }
    return found;
  }

  /** Whether the ledger is sound, how many intentions are open, how many rows each settled replay published. */
  readLedger(): { readonly sound: string; readonly open: number; readonly replays: readonly number[] } {
    const database = new Sqlite(join(this.root, 'now', 'state', 'ledger.db'));
    try {
      const [sound] = database.prepare('PRAGMA integrity_check').raw().get() as [string];
      const [open] = database.prepare('SELECT count(*) FROM intention WHERE ended IS NULL').raw().get() as [number];
      const bodies = database.prepare("SELECT body FROM receipt WHERE outcome = 'published'").raw().all() as unknown;
      const receipts = (bodies as [string][]).map(
        ([body]) => JSON.parse(body) as { replays?: object; rows: { published: number } },
      );
      return { sound, open, replays: receipts.flatMap(({ replays, rows }) => (replays ? [rows.published] : [])) };
    } finally {
      database.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  #document(): string {
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'name', type: 'string' },
      { name: 'amount', type: 'decimal(9,2)' },
      { name: 'day', type: 'date' },
    ];
    const bounds = { type: 'parquet', path: this.target, row_group_rows: 40 };
    const destination = this.folder ? { ...bounds, partition_by: ['day'], max_rows_per_file: 40 } : bounds;
    const source = { type: 'csv', path: join(this.root, 'in.csv'), features };
    const dataset = { name: 'set', source, destination, on_error: 'reject', max_rejects: '50%' };
    return JSON.stringify({ version: 1, ocs: 'job', dataset_config: [dataset] });
  }
}

/** What there is before a replay and after one. */
export interface ReplayEnds {
  readonly old: Snapshot;
  readonly whole: Snapshot;
  readonly published: number;
  readonly milliseconds: number;
}

export async function replayEnds(site: ReplaySite): Promise<ReplayEnds> {
  await site.reset();
  const old = await site.snapshot(true);
  const { code, err, milliseconds } = await site.replay();
  if (code !== 0) throw new Error(`an undisturbed replay failed with ${code}: ${err}`);
  const [published = 0] = site.readLedger().replays;
  return { old, whole: await site.snapshot(true), published, milliseconds };
}

/** Plays one blow through, a second one where there is one, and the replay once more; answers the promises that were broken. */
export async function tryReplay(
  site: ReplaySite,
  { old, whole, published }: ReplayEnds,
  blows: readonly Exclude<Blow, null>[],
): Promise<{ readonly about: string; readonly fell: boolean; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  await site.reset();
  let fell = false;
  for (const blow of blows) {
    const ended = await site.replay(blow);
    fell ||= ended.signal === 'SIGKILL' || ended.hits.length > 0;
    const now = await site.snapshot(false);
    if (!between(old, now, whole, site.folder)) problems.push(`a reader sees ${brief(now)}`);
    if (ended.code === 0 && !same(now, whole)) problems.push('it says success, and the rows are not there');
  }
  const next = await site.replay();
  const done = next.code === 2 && next.err.includes('ATLAS_REPLAY_DONE');
  if (next.code !== 0 && !done)
    problems.push(`the next replay ended with ${next.code}: ${next.err.trim()} ${next.out}`);
  const left = Object.entries(await site.snapshot(true));
  // one that is refused takes no lock, and so does not clear away that of the dead
  const now = Object.fromEntries(left.filter(([path]) => !done || !path.endsWith('.atlas-lock')));
  if (!same(now, whole)) problems.push(`the next replay left ${brief(now)}`);
  const ledger = site.readLedger();
  if (ledger.sound !== 'ok') problems.push(`the ledger is damaged: ${ledger.sound}`);
  if (ledger.open !== 0) problems.push(`${ledger.open} intentions are open`);
  if (ledger.replays.length !== 1 || ledger.replays[0] !== published) {
    problems.push(`the ledger has replays of ${ledger.replays.join()} rows, one of ${published} was expected`);
  }
  const last = await site.replay();
  if (last.code !== 2 || !last.err.includes('ATLAS_REPLAY_DONE'))
    problems.push(`a replay after all ended with ${last.code}`);
  const about = blows.map((blow) =>
    'killAfter' in blow ? `kill after ${blow.killAfter} ms` : describeInjection(blow.injection),
  );
  return { about: about.join(', then '), fell, problems };
}

/** Blows at the calls that touch the site, by system call, each a kill or an error of the disk. */
export function blowsAt(
  calls: ReadonlyMap<string, readonly number[]>,
  what: 'kill' | 'EIO' | 'ENOSPC',
  dice: Dice,
): readonly Exclude<Blow, null>[] {
  const all = [...calls].flatMap(([syscall, numbers]) =>
    numbers.map((when) => ({ injection: { syscall, when, what, forever: false } })),
  );
  return dice.shuffle(all);
}

/** What was there is there; what else is there is of the replay; and a manifest names only what is there. */
function between(old: Snapshot, now: Snapshot, whole: Snapshot, folder: boolean): boolean {
  if (!folder) return same(now, old) || same(now, whole);
  const within = (one: Snapshot, other: Snapshot): boolean =>
    Object.keys(one).every((name) => one[name] === other[name]);
  if (!within(old, now) || !within(now, whole)) return false;
  return !Object.keys(now).some((name) => name.includes('manifest-')) || same(now, whole);
}

function same(one: Snapshot, other: Snapshot): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

function brief(snapshot: Snapshot): string {
  return Object.entries(snapshot)
    .map(([path, sum]) => `${path} ${sum.slice(0, 8)}`)
    .join(', ');
}
