import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParquetFileWriter } from '../../src/encode/parquet/file-writer.ts';
import type { ParquetDatasetPlan } from '../../src/flow/dataset-plan.ts';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { Ledger } from '../../src/flow/ledger.ts';
import type { Receipt } from '../../src/flow/receipt.ts';
import type { Sink } from '../../src/flow/sink.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { publishStaged } from '../../src/run/publish-staged.ts';
import { settlePending } from '../../src/run/settle-pending.ts';
import type { NewLayout } from '../../src/sink/parquet/file-layout.ts';
import { FileSink } from '../../src/sink/parquet/file-sink.ts';
import { FolderSink } from '../../src/sink/parquet/folder-sink.ts';
import { addedManifest, MANIFEST } from '../../src/sink/parquet/manifest.ts';
import { planOfFiles } from '../../src/sink/parquet/plan-of-files.ts';
import { TargetPlace } from '../../src/sink/parquet/target-place.ts';
import { localStore } from '../../src/store/local-store.ts';
import type { Store } from '../../src/store/store.ts';
import { receiptOf } from '../conformance/ledger/describe-ledger.ts';
import { readRows } from '../sink/read-rows.ts';
import { fragmentsFor, planFor, type SinkBed, sinkBed, stageAll, through, treeOf } from '../sink/sink-bed.ts';
import { Killed, Life, mortal } from './mortal.ts';

/** Hundreds of small runs: in memory where that is to be had, because nothing here asks what a power cut leaves. */
const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const MOMENTS = ['before', 'after'] as const;

type Content = Readonly<Record<string, string>>;

/** Seven rows are there; ten are added, into partitions that are there and one that is new. */
const PARTS = [
  { rows: 4, partition: 'day=1' },
  { rows: 3, partition: 'day=2' },
];
const MORE = [
  { rows: 5, partition: 'day=2' },
  { rows: 3, partition: 'day=3' },
  { rows: 2, partition: 'day=2' },
];

describe.each([
  ['one file', 'file'],
  ['a folder of files', 'folder'],
  ['partitions', 'partitions'],
] as const)('rows are added to %s', (_name, kind) => {
  let bed: SinkBed;
  let ledger: Ledger;
  let plan: ParquetDatasetPlan;
  let first: Receipt;
  let more: readonly Fragment[];
  let round = 0;

  const folder = kind !== 'file';
  const never: typeof it = Object.assign(() => {}, it);
  const itOfFolders = folder ? it : never;
  const itOfOne = folder ? never : it;
  const cut = (groups: typeof PARTS) => (kind === 'partitions' ? groups : groups.map(({ rows }) => ({ rows })));

  /** A target with what a run published in it, in a folder of its own. */
  async function begin(): Promise<void> {
    round += 1;
    const destination = { folder, maxRowsPerFile: kind === 'folder' ? 5 : null };
    const partitionBy = kind === 'partitions' ? ['day'] : [];
    plan = planFor(bed.at(String(round), folder ? 'out' : 'out.parquet'), { ...destination, partitionBy });
    ledger = await openSqliteLedger(bed.at(String(round), 'ledger.sqlite'));
    first = await load('first', await fragmentsFor(plan, cut(PARTS)), localStore, ledger, null);
  }

  beforeEach(async () => {
    bed = await sinkBed(QUICK);
    await begin();
    more = await fragmentsFor(plan, cut(MORE));
  });
  afterEach(() => bed[Symbol.asyncDispose]());

  function open(store: Store, onto: Receipt | null): Sink {
    const files = planOfFiles(plan);
    const newLayout: NewLayout = (written) => new ParquetFileWriter(files, written ?? null);
    const place = new TargetPlace(store, plan.destination.path);
    if (!folder) return new FileSink(place, newLayout, true, onto?.files[0] ?? null);
    const { maxRowsPerFile, partitionBy } = plan.destination;
    const sets = onto && [{ run: onto.run, planHash: plan.hash, manifest: MANIFEST, files: onto.files, replaces: [] }];
    return new FolderSink(place, newLayout, {
      planHash: plan.hash,
      partitioned: partitionBy.length > 0,
      replaces: true,
      grows: null,
      refresh: false,
      columns: { newLayout, partitionBy, evolves: false },
      limits: { maxRowsPerFile, maxPartitions: 100, maxOpen: 100 },
      onto: sets,
    });
  }

  async function load(run: string, fragments: readonly Fragment[], store: Store, to: Ledger, onto: Receipt | null) {
    await using sink = open(store, onto);
    await using lock = await sink.lock(run, through);
    await settlePending({ sink, ledger: to, lock, force: false, signal: through.signal });
    await sink.check(through);
    const staged = await stageAll(sink, run, fragments);
    const rows = staged.rows - (staged.rowsBefore ?? 0);
    const counts = { read: rows, published: rows, rejected: 0, deduplicated: 0, excluded: 0 };
    const receipt = receiptOf(run, 'set', { rows: counts, planHash: plan.hash });
    return await publishStaged({ sink, kind: 'parquet', ledger: to, lock, staged, receipt, signal: through.signal });
  }

  /** A process that dies gives its locks back, which a test cannot see: the lock is not its last step here. */
  const dying = (life: Life): Store => ({ ...mortal(localStore, life), lock: localStore.lock });

  const add = (life: Life) => load('more', more, dying(life), mortal(ledger, life), first);

  /** What a run of the dataset does first; it knows nothing of what is added. */
  async function recover(life: Life, force = false) {
    await using sink = open(dying(life), null);
    await using lock = await sink.lock('recovery', through);
    const { signal } = through;
    return await settlePending({ sink, ledger: mortal(ledger, life), lock, force, signal });
  }

  const immortal = () => new Life(Number.POSITIVE_INFINITY, 'before');

  async function seen(): Promise<Content> {
    const root = plan.destination.path;
    if (!folder) return { '': (await readFile(root)).toString('base64') };
    const names = (await treeOf(root)).filter((name) => !name.endsWith('/'));
    const pairs = names.map(async (name) => [name, (await readFile(`${root}/${name}`)).toString('base64')] as const);
    return Object.fromEntries(await Promise.all(pairs));
  }

  const hidden = async () => (await readdir(bed.at(String(round)))).filter((name) => name.endsWith('.atlas-draft'));
  const pattern = () => (folder ? `${plan.destination.path}/**/*.parquet` : plan.destination.path);

  /** Old files are as they were; what else is there is of the new ones, and where their manifest is, all of them are. */
  function holds(now: Content, old: Content, wanted: Content): void {
    if (!folder) {
      expect([old, wanted]).toContainEqual(now);
      return;
    }
    expect(now).toMatchObject(old);
    expect(wanted).toMatchObject(now);
    if (now[addedManifest('more')]) expect(now).toEqual(wanted);
  }

  it('beside what was there, which stays as it was', async () => {
    const old = await seen();
    const receipt = await add(immortal());
    expect(receipt).toMatchObject({ outcome: 'published', rows: { published: 10 } });
    const rows = await readRows(pattern(), kind === 'partitions');
    expect(rows).toHaveLength(17);
    if (folder) {
      const now = await seen();
      expect(now).toMatchObject(old);
      const manifest = JSON.parse(Buffer.from(now[addedManifest('more')]!, 'base64').toString());
      expect(manifest).toMatchObject({ manifest_version: 1, plan: plan.hash, rows: 10, files: receipt.files });
      expect(receipt.files.map(({ path }) => path).every((path) => /(^|\/)part-more-0000\d\.parquet$/.test(path))).toBe(
        true,
      );
    }
    expect(await hidden()).toEqual([]);
  });

  it('completed or not begun, whenever the run and its recovery die', { timeout: 300_000 }, async () => {
    const life = immortal();
    const untouched = await seen();
    await add(life);
    const wanted = await seen();
    const ends = { old: 0, whole: 0 };
    for (const [step, name] of life.steps.entries()) {
      // of the many steps of many files, by turns
      const turns = kind === 'partitions' ? MOMENTS.filter((_, turn) => turn === step % 2) : MOMENTS;
      for (const when of turns) {
        await ledger[Symbol.asyncDispose]();
        await rm(bed.at(String(round)), { recursive: true });
        await begin();
        const old = await seen();
        expect(old).toEqual(untouched);
        const about = `${name} #${step}, ${when}`;
        await expect(add(new Life(step, when)), about).rejects.toThrow(Killed);
        holds(await seen(), old, wanted);
        await recover(new Life((step * 7 + 3) % 23, when)).catch((error: unknown) => {
          expect(error, about).toBeInstanceOf(Killed);
        });
        holds(await seen(), old, wanted);
        await recover(immortal());
        const now = await seen();
        expect([old, wanted], about).toContainEqual(now);
        const receipts = await ledger.receipts('more');
        const whole = Object.keys(now).length > Object.keys(old).length || now[''] !== old[''];
        expect(
          receipts.map(({ outcome }) => outcome),
          about,
        ).toEqual(whole ? ['published'] : []);
        expect(await ledger.pending(plan.destination.path), about).toEqual([]);
        expect(await hidden(), about).toEqual([]);
        expect(await recover(immortal())).toEqual([]);
        expect(await seen()).toEqual(now);
        ends[whole ? 'whole' : 'old'] += 1;
      }
    }
    expect(ends.old).toBeGreaterThan(0);
    expect(ends.whole).toBeGreaterThan(folder ? 20 : 5);
  });

  /** A run that died at a step of the store, after the intention was written. */
  async function dyingAt(step: string, nth: number): Promise<void> {
    const life = immortal();
    await add(life);
    const after = life.steps.indexOf('intend');
    const at = life.steps.flatMap((name, index) => (index > after && name === step ? [index] : []))[nth];
    await ledger[Symbol.asyncDispose]();
    await rm(bed.at(String(round)), { recursive: true });
    await begin();
    await expect(add(new Life(at!, 'after'))).rejects.toThrow(Killed);
  }

  itOfFolders('a half that cannot be completed is a conflict, and is taken back by --force', async () => {
    const old = await seen();
    await dyingAt('rename', 0);
    const half = await seen();
    expect(Object.keys(half)).toHaveLength(Object.keys(old).length + 1);
    const [draft] = await hidden();
    await rm(bed.at(String(round), draft!), { recursive: true });
    await expect(recover(immortal())).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await seen()).toEqual(half);
    expect(await recover(immortal(), true)).toMatchObject([{ did: 'abandoned' }]);
    expect(await seen()).toEqual(old);
    expect(await ledger.receipts('more')).toEqual([]);
    if (kind === 'partitions') expect(await treeOf(plan.destination.path)).not.toContain('day=3/');
  });

  itOfFolders('a file that somebody put under one of its names is not replaced', async () => {
    await dyingAt('rename', 0);
    const [intention] = await ledger.pending(plan.destination.path);
    const path = `${plan.destination.path}/${intention!.staged.files.at(-1)!.path}`;
    await localStore.makeFolders(path.slice(0, path.lastIndexOf('/')), through);
    await writeFile(path, 'of somebody else');
    await expect(recover(immortal())).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await readFile(path, 'utf8')).toBe('of somebody else');
  });

  itOfFolders('another folder at the same place gets nothing of it', async () => {
    const steps = immortal();
    await add(steps);
    await ledger[Symbol.asyncDispose]();
    await rm(bed.at(String(round)), { recursive: true });
    await begin();
    await expect(add(new Life(steps.steps.indexOf('intend'), 'after'))).rejects.toThrow(Killed);
    const { path } = plan.destination;
    await localStore.rename(path, `${path}-moved`, through);
    await localStore.makeFolder(path, through);
    await writeFile(`${path}/other.parquet`, 'other');
    expect(await recover(immortal())).toMatchObject([{ did: 'abandoned' }]);
    expect(await treeOf(path)).toEqual(['other.parquet']);
    expect(await hidden()).toEqual([]);
  });

  itOfOne('what was written meanwhile is not replaced by a copy of what was there', async () => {
    await using sink = open(localStore, first);
    await using lock = await sink.lock('more', through);
    const staged = await stageAll(sink, 'more', more);
    await writeFile(plan.destination.path, 'newer');
    const rows = { read: 10, published: 10, rejected: 0, deduplicated: 0, excluded: 0 };
    const receipt = receiptOf('more', 'set', { rows });
    const { signal } = through;
    await expect(publishStaged({ sink, kind: 'parquet', ledger, lock, staged, receipt, signal })).rejects.toMatchObject(
      {
        code: 'ATLAS_TARGET_CONFLICT',
      },
    );
    expect(await readFile(plan.destination.path, 'utf8')).toBe('newer');
    expect(await hidden()).toEqual([]);
  });
});
