import { readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import { localStore } from '../../src/store/local-store.ts';
import { stageAll, through } from '../sink/sink-bed.ts';
import { type LawBed, lawBed } from './law-bed.ts';
import { Killed, Life } from './mortal.ts';

const MOMENTS = ['before', 'after'] as const;

/** What a reader of the target sees: content of every file by name, or null where nothing is there. */
async function seen(bed: LawBed): Promise<Readonly<Record<string, string>> | null> {
  const { path, folder } = bed.plan.destination;
  if (!folder)
    return readFile(path, 'hex').then(
      (text) => ({ '': text }),
      () => null,
    );
  const names = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
  if (names === null) return null;
  const files = names.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  const pairs = await Promise.all(files.sort().map(async (file) => [file, await readFile(file, 'hex')] as const));
  return Object.fromEntries(pairs);
}

const hidden = async (bed: LawBed) =>
  (await readdir(bed.at('data')).catch(() => [])).filter((name) => name.startsWith('.'));

describe.each([
  ['one file', false],
  ['a new folder', true],
])('the law, for %s', (_name, folder) => {
  let bed: LawBed;
  beforeEach(async () => {
    bed = await lawBed({ folder });
  });
  afterEach(() => bed[Symbol.asyncDispose]());

  /** A bed where run `old` has published (a file; a folder cannot be replaced) and run `new` dies at a step. */
  async function dying(step: number, when: 'before' | 'after') {
    if (!folder) await bed.load('old', await bed.fragments(3));
    const before = await seen(bed);
    const life = new Life(step, when);
    const fragments = await bed.fragments(9);
    const ended = await bed.load('new', fragments, life).catch((error: unknown) => error);
    return { before, life, ended };
  }

  async function stepsOfALoad(): Promise<readonly string[]> {
    const { life, ended } = await dying(Number.POSITIVE_INFINITY, 'before');
    expect(ended).toMatchObject({ outcome: 'published' });
    return life.steps;
  }

  it('invariant 3: nothing is committed that was not first written to the ledger as intended', async () => {
    const steps = await stepsOfALoad();
    const order = ['stage', 'intend', 'commit', 'secure', 'recount', 'settle'];
    expect(steps.filter((step) => order.includes(step))).toEqual(order);
    // the lock is confirmed and the target looked at between the intention and the commit
    const between = steps.slice(steps.indexOf('intend') + 1, steps.indexOf('commit'));
    expect(between).toEqual(['confirm', 'look']);
  });

  it('invariant 3: where the intention cannot be written, the target stays what it was and the draft goes', async () => {
    const steps = await stepsOfALoad();
    await bed[Symbol.asyncDispose]();
    bed = await lawBed({ folder });
    const { before, ended } = await dying(steps.indexOf('intend'), 'before');
    expect(ended).toBeInstanceOf(Killed);
    expect(await seen(bed)).toEqual(before);
    expect(await bed.ledger.pending(bed.plan.destination.path)).toEqual([]);
    await bed.recover();
    expect(await hidden(bed)).toEqual([]);
    expect(await seen(bed)).toEqual(before);
  });

  it('invariant 4: recovering twice changes nothing more than once, whenever run and recovery die', async () => {
    const steps = await stepsOfALoad();
    const after = await seen(bed);
    const moments = { old: 0, new: 0 };
    for (const [step, name] of steps.entries()) {
      for (const when of MOMENTS) {
        for (let recoveryDies = 0; ; recoveryDies++) {
          await bed[Symbol.asyncDispose]();
          bed = await lawBed({ folder });
          const { before, ended } = await dying(step, when);
          expect(ended).toBeInstanceOf(Killed);
          const content = (text: unknown) => JSON.stringify(text)?.replaceAll(bed.root, '');
          const now = async () => {
            const text = content(await seen(bed));
            expect([content(before), wanted]).toContain(text);
            return text;
          };
          const wanted = content(
            Object.fromEntries(Object.entries(after ?? {}).map(([k, v]) => [k.replace(/^.*\/data/, '/data'), v])),
          );
          await now();
          const life = new Life(recoveryDies, MOMENTS[recoveryDies % 2]!);
          const died = await bed.recover({ life }).then(
            () => null,
            (error: unknown) => error,
          );
          if (died !== null) expect(died, `${name} ${when}, recovery ${life.steps.join()}`).toBeInstanceOf(Killed);
          await now();
          await bed.recover();
          const once = await now();
          const receipts = await bed.ledger.receipts('new');
          expect(await bed.recover()).toEqual([]);
          expect(await now()).toBe(once);
          expect(await bed.ledger.receipts('new')).toEqual(receipts);
          expect(await bed.ledger.pending(bed.plan.destination.path)).toEqual([]);
          expect(await hidden(bed)).toEqual([]);
          // the ledger says "published" exactly where the target shows it
          expect(receipts.map(({ outcome }) => outcome)).toEqual(once === wanted ? ['published'] : []);
          moments[once === wanted ? 'new' : 'old'] += 1;
          if (died === null) break;
        }
      }
    }
    expect(moments.old).toBeGreaterThan(0);
    expect(moments.new).toBeGreaterThan(0);
  });

  it('invariant 5: a receipt says "published" only after the ledger has settled it', async () => {
    const steps = await stepsOfALoad();
    const settle = steps.indexOf('settle');
    for (const step of steps.keys()) {
      for (const when of MOMENTS) {
        await bed[Symbol.asyncDispose]();
        bed = await lawBed({ folder });
        const { ended } = await dying(step, when);
        expect(ended).toBeInstanceOf(Killed);
        const settled = step > settle || (step === settle && when === 'after');
        expect((await bed.ledger.lastPublished('weather', 'set'))?.run === 'new').toBe(settled);
        expect(await bed.ledger.receipts('new')).toHaveLength(settled ? 1 : 0);
      }
    }
  });

  /** A run killed between intention and commit (`commit`, before) or between commit and settlement (after). */
  async function interrupted(when: 'before' | 'after') {
    const steps = await stepsOfALoad();
    await bed[Symbol.asyncDispose]();
    bed = await lawBed({ folder });
    return dying(steps.indexOf('commit'), when);
  }

  it('a commit that did not happen is made up for', async () => {
    await interrupted('before');
    expect(await bed.recover()).toMatchObject([{ run: 'new', did: 'committed' }]);
    const [receipt] = await bed.ledger.receipts('new');
    expect(receipt).toMatchObject({ outcome: 'published', rows: { published: 9 } });
    expect(receipt?.notes.join()).toContain('interrupted');
  });

  it('a commit that happened is settled, not repeated', async () => {
    await interrupted('after');
    const life = new Life(Number.POSITIVE_INFINITY, 'before');
    expect(await bed.recover({ life })).toMatchObject([{ run: 'new', did: 'settled' }]);
    expect(life.steps).not.toContain('commit');
    expect(life.steps).toContain('secure');
  });

  it('a draft that is gone is said to be gone, and nothing was published', async () => {
    const { before } = await interrupted('before');
    const [intention] = await bed.ledger.pending(bed.plan.destination.path);
    await rm(intention!.staged.draft, { recursive: true });
    expect(await bed.recover()).toMatchObject([
      { did: 'abandoned', message: expect.stringMatching(/nothing was published/) },
    ]);
    expect(await seen(bed)).toEqual(before);
  });

  it('a draft that was changed is not published', async () => {
    const { before } = await interrupted('before');
    const [intention] = await bed.ledger.pending(bed.plan.destination.path);
    const { draft, files } = intention!.staged;
    const file = folder ? `${draft}/${files[0]!.path}` : draft;
    const bytes = await readFile(file);
    bytes[10]! ^= 1;
    await writeFile(file, bytes);
    expect(await bed.recover()).toMatchObject([{ did: 'abandoned' }]);
    expect(await seen(bed)).toEqual(before);
    expect(await hidden(bed)).toEqual([]);
  });

  it('a target that somebody else wrote is a conflict: both are named, the draft kept, until --force', async () => {
    await interrupted('before');
    const { path } = bed.plan.destination;
    const [intention] = await bed.ledger.pending(path);
    await rm(path, { recursive: true, force: true });
    await writeFile(path, 'of somebody else');
    for (let twice = 0; twice < 2; twice++) {
      const error = await bed.recover().catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'ATLAS_TARGET_CONFLICT', place: { file: path } });
      expect(String(error)).toContain('16 bytes');
      expect(String(error)).toContain(intention!.staged.draft);
      expect(await hidden(bed)).toHaveLength(1);
    }
    expect(await bed.recover({ force: true })).toMatchObject([{ did: 'abandoned' }]);
    expect(await readFile(path, 'utf8')).toBe('of somebody else');
    expect(await hidden(bed)).toEqual([]);
    expect(await bed.recover()).toEqual([]);
  });

  it('an intention older than what the ledger says was published is abandoned: it never overwrites newer data', async () => {
    const pre = await (await openParquetSink(bed.plan, { ...through, store: localStore })).look(through);
    await interrupted('before');
    const { path } = bed.plan.destination;
    const [intention] = await bed.ledger.pending(path);
    await bed.ledger.close(intention!.id, 'abandoned', 'for this test');
    if (folder) await rm(path, { recursive: true, force: true });
    await bed.load('later', await bed.fragments(5));
    const later = await seen(bed);
    // a run that had been stopped for long, and had lost its lock, wrote its intention only now
    await bed.ledger.intend({ ...intention!, id: 'slow/set', run: 'slow', ocs: 'weather', pre });
    expect(await bed.recover()).toMatchObject([
      { run: 'slow', did: 'abandoned', message: expect.stringContaining('later') },
    ]);
    expect(await seen(bed)).toEqual(later);
  });

  it('a lost ledger loses no data: drafts of dead runs go, the target stays', async () => {
    const { before } = await interrupted('before');
    await bed.ledger[Symbol.asyncDispose]();
    const { openSqliteLedger } = await import('../../src/ledger/sqlite-ledger.ts');
    const { settlePending } = await import('../../src/run/settle-pending.ts');
    await using fresh = await openSqliteLedger(bed.at('state', 'other.sqlite'));
    await using sink = await openParquetSink(bed.plan, { ...through, store: localStore });
    await using lock = await sink.lock('later', through);
    expect(await settlePending({ sink, ledger: fresh, lock, force: false, signal: through.signal })).toEqual([]);
    expect(await seen(bed)).toEqual(before);
    expect((await hidden(bed)).filter((name) => name.endsWith('draft'))).toEqual([]);
  });

  it('a receipt that does not balance is never intended', async () => {
    await using sink = await openParquetSink(bed.plan, { ...through, store: localStore });
    await using lock = await sink.lock('new', through);
    const staged = await stageAll(sink, 'new', await bed.fragments(4));
    const { publishStaged } = await import('../../src/run/publish-staged.ts');
    const { receiptOf } = await import('../conformance/ledger/describe-ledger.ts');
    const rows = { read: 5, published: 4, rejected: 0, deduplicated: 0, excluded: 0 };
    const receipt = receiptOf('new', 'set', { rows });
    const { ledger } = bed;
    const publication = { sink, kind: 'parquet', ledger, lock, staged, receipt, signal: through.signal };
    await expect(publishStaged(publication)).rejects.toMatchObject({ code: 'ATLAS_ROWS_UNACCOUNTED' });
    expect(await ledger.pending(bed.plan.destination.path)).toEqual([]);
    expect(await seen(bed)).toBeNull();
    expect((await hidden(bed)).filter((name) => name.endsWith('draft'))).toEqual([]);
  });
});

describe('inodes are reused', () => {
  let bed: LawBed;
  beforeEach(async () => {
    bed = await lawBed();
  });
  afterEach(() => bed[Symbol.asyncDispose]());

  async function interruptedCommit(when: 'before' | 'after') {
    await bed.load('old', await bed.fragments(3));
    const life = new Life(Number.POSITIVE_INFINITY, 'before');
    const { path } = bed.plan.destination;
    await bed.load('probe', await bed.fragments(3), life);
    await bed.load('new', await bed.fragments(9), new Life(life.steps.indexOf('commit'), when)).catch(() => undefined);
    const [intention] = await bed.ledger.pending(path);
    return { path, intention: intention! };
  }

  it('a published file rewritten in place, same inode and length, is no settlement', async () => {
    const { path } = await interruptedCommit('after');
    const bytes = await readFile(path);
    await writeFile(path, bytes.fill(0, 10, 20));
    await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await readFile(path)).toEqual(bytes);
  });

  it('an old file rewritten in place, same inode and length, is newer data and stays', async () => {
    const { path } = await interruptedCommit('before');
    const bytes = (await readFile(path)).fill(0, 10, 20);
    await writeFile(path, bytes);
    await expect(bed.recover()).rejects.toMatchObject({ code: 'ATLAS_TARGET_CONFLICT' });
    expect(await readFile(path)).toEqual(bytes);
  });

  it('a published file that was only touched, or copied back, still counts', async () => {
    const { path } = await interruptedCommit('after');
    await utimes(path, new Date(), new Date());
    expect(await bed.recover()).toMatchObject([{ did: 'settled' }]);
  });

  it('a staged draft that a person put in place by hand counts', async () => {
    const { path, intention } = await interruptedCommit('before');
    await rename(intention.staged.draft, path);
    expect(await bed.recover()).toMatchObject([{ did: 'settled' }]);
  });
});
