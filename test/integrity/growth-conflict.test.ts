import { existsSync } from 'node:fs';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';
import { type SinkBed, sinkBed } from '../sink/sink-bed.ts';
import { contains } from './folder-content.ts';
import { type Growth, GrowthBed, immortal } from './growth-bed.ts';
import { Killed, Life } from './mortal.ts';

const QUICK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const REPLACED: Growth = {
  name: 'partitions are replaced',
  destination: { mode: 'replace_partitions', partitionBy: ['day'] },
  before: 'published',
};
const VERSIONED: Growth = {
  name: 'a version replaces another one',
  destination: { layout: 'versioned', keepVersions: 2 },
  before: 'published',
};
const APPENDED: Growth = { name: 'a new folder', destination: { mode: 'append' }, before: 'none' };

/** A life in which something happens right after one step, for the first time that it is taken. */
class Eventful extends Life {
  readonly #after: string;
  #event: (() => Promise<void>) | null;
  constructor(after: string, event: () => Promise<void>) {
    super(Number.POSITIVE_INFINITY, 'before');
    this.#after = after;
    this.#event = event;
  }
  override async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result = await super.step(name, work);
    if (name === this.#after) {
      const event = this.#event;
      this.#event = null;
      await event?.();
    }
    return result;
  }
}

describe('somebody else writes where a folder grows', () => {
  let root: SinkBed;
  let round = 0;
  beforeEach(async () => {
    root = await sinkBed(QUICK);
  });
  afterEach(() => root[Symbol.asyncDispose]());

  const begin = (growth: Growth) =>
    GrowthBed.begin(growth, { store: localStore, folder: root.root, ledgers: root.root }, `r${round++}`);

  /** A bed whose load died after the last step of this name, the n-th after the intention was written. */
  async function dyingAt(growth: Growth, step: string, nth = 0): Promise<GrowthBed> {
    const life = immortal();
    {
      await using bed = await begin(growth);
      await bed.add(life);
    }
    const intended = life.steps.indexOf('intend');
    const at = life.steps.flatMap((name, index) => (index >= intended && name === step ? [index] : []))[nth];
    const bed = await begin(growth);
    await expect(bed.add(new Life(at!, 'after'))).rejects.toThrow(Killed);
    return bed;
  }

  it('a file that appears in a partition while its replacement is made: nothing is replaced', async () => {
    await using bed = await begin(REPLACED);
    const old = await bed.seen();
    const event = () => writeFile(`${bed.target}/day=2/theirs.parquet`, 'theirs');
    await expect(bed.add(new Eventful('intend', event))).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await readFile(`${bed.target}/day=2/theirs.parquet`, 'utf8')).toBe('theirs');
    const now = await bed.seen();
    expect(Object.keys(now)).toHaveLength(Object.keys(old).length + 1);
    expect(contains(now, old)).toBe(true);
    await bed.recover();
    expect(await bed.ledger.pending(bed.target)).toEqual([]);
    expect(await bed.drafts()).toEqual([]);
    // the next load sees the file, and replaces it like all others
    await bed.add(immortal(), 'again');
    expect(existsSync(`${bed.target}/day=2/theirs.parquet`)).toBe(false);
  });

  it('or before its run is recovered: nothing is replaced either', async () => {
    await using bed = await dyingAt(REPLACED, 'intend');
    const old = await bed.seen();
    await writeFile(`${bed.target}/day=2/theirs.parquet`, 'theirs');
    const theirs = await bed.seen();
    // nothing of it is there, so there is nothing to be completed or taken back
    expect(await bed.recover()).toMatchObject([{ did: 'abandoned' }]);
    expect(await bed.recover()).toEqual([]);
    expect(await bed.seen()).toEqual(theirs);
    expect(contains(theirs, old)).toBe(true);
    expect(await bed.drafts()).toEqual([]);
  });

  it('when a part of the new files is there already: a conflict, and --force takes it back', async () => {
    await using bed = await dyingAt(REPLACED, 'rename', 0);
    await writeFile(`${bed.target}/day=2/theirs.parquet`, 'theirs');
    const half = await bed.seen();
    await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await bed.seen()).toEqual(half);
    expect(await bed.recover(immortal(), true)).toMatchObject([{ did: 'abandoned' }]);
    const now = await bed.seen();
    expect(Object.keys(now).filter((path) => path.includes('part-more'))).toEqual([]);
    expect(Object.keys(now)).toContain('day=2/theirs.parquet');
    expect(Object.keys(now).filter((path) => path.includes('part-first'))).toHaveLength(2);
  });

  it('a file that appears after the manifest is newer: old ones go, it stays', async () => {
    // two data files, then the manifest
    await using bed = await dyingAt(REPLACED, 'rename', 2);
    await writeFile(`${bed.target}/day=2/theirs.parquet`, 'theirs');
    expect(await bed.recover()).toMatchObject([{ run: 'more', did: 'committed' }]);
    expect((await readdir(`${bed.target}/day=2`)).sort()).toEqual(['part-more-00000.parquet', 'theirs.parquet']);
    expect(await bed.ledger.receipts('more')).toMatchObject([{ outcome: 'published' }]);
    expect(await bed.recover()).toEqual([]);
  });

  it('an old file rewritten after the manifest is newer data, and stays', async () => {
    await using bed = await dyingAt(REPLACED, 'rename', 2);
    const [old] = (await readdir(`${bed.target}/day=2`)).filter((name) => name.includes('first'));
    await writeFile(`${bed.target}/day=2/${old}`, 'rewritten');
    expect(await bed.recover()).toMatchObject([{ did: 'settled' }]);
    expect(await readFile(`${bed.target}/day=2/${old}`, 'utf8')).toBe('rewritten');
    expect(await bed.drafts()).toEqual([]);
  });

  it('new files damaged after the manifest: --force gives the intention up, and removes no row', async () => {
    await using bed = await dyingAt(REPLACED, 'rename', 2);
    await writeFile(`${bed.target}/day=3/part-more-00000.parquet`, 'damaged');
    await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    const before = await bed.content();
    expect(await bed.recover(immortal(), true)).toMatchObject([{ did: 'abandoned' }]);
    expect(await bed.content()).toEqual(before);
  });

  it('a pointer that somebody replaced is not replaced by an older intention', async () => {
    await using bed = await dyingAt(VERSIONED, 'intend');
    const pointer = `${bed.target}/_atlas/current.json`;
    const theirs = (await readFile(pointer, 'utf8')).replace('"rows": 7', '"rows": 8');
    await writeFile(`${pointer}.new`, theirs);
    await rename(`${pointer}.new`, pointer);
    await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await bed.drafts()).toHaveLength(1);
    expect(await bed.recover(immortal(), true)).toMatchObject([{ did: 'abandoned' }]);
    expect(await readFile(pointer, 'utf8')).toBe(theirs);
    expect(await readdir(`${bed.target}/_versions`)).toEqual(['first']);
    expect(await bed.drafts()).toEqual([]);
  });

  it('a version that was in its place, but not pointed to, is taken back with its intention', async () => {
    await using bed = await dyingAt(VERSIONED, 'rename', 0);
    expect((await readdir(`${bed.target}/_versions`)).sort()).toEqual(['first', 'more']);
    const [intention] = await bed.ledger.pending(bed.target);
    await writeFile(`${intention!.staged.draft}/current.json`, '{}');
    expect(await bed.recover()).toMatchObject([{ did: 'abandoned' }]);
    expect(await readdir(`${bed.target}/_versions`)).toEqual(['first']);
  });

  it('a lost ledger: what no pointer leads to goes with its draft, all else stays', async () => {
    await using bed = await dyingAt(VERSIONED, 'rename', 0);
    const seen = await bed.seen();
    const [intention] = await bed.ledger.pending(bed.target);
    await bed.ledger.close(intention!.id, 'abandoned', 'as if it had been lost');
    expect(await bed.recover()).toEqual([]);
    expect(await bed.seen()).toEqual(seen);
    expect(await readdir(`${bed.target}/_versions`)).toEqual(['first']);
    expect(await bed.drafts()).toEqual([]);
  });

  it('a folder that appears where a new one was to be is not replaced', async () => {
    await using bed = await begin(APPENDED);
    const event = async () => {
      await localStore.makeFolder(bed.target, { signal: new AbortController().signal });
      await writeFile(`${bed.target}/theirs.parquet`, 'theirs');
    };
    await expect(bed.add(new Eventful('intend', event))).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await readdir(bed.target)).toEqual(['theirs.parquet']);
    await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await bed.recover(immortal(), true)).toMatchObject([{ did: 'abandoned' }]);
    // added to, from now on
    await bed.add(immortal(), 'again');
    expect((await readdir(bed.target)).sort()).toEqual([
      '_atlas',
      'part-again-00000.parquet',
      'part-again-00001.parquet',
      'theirs.parquet',
    ]);
  });
});
