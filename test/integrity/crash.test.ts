import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOUNDS, DEADLY, Dice, errorsAtCalls, killsAtCalls, killsInTime } from './crash-moments.ts';
import { CrashSite } from './crash-site.ts';
import { type Expected, expectations, type Moment, tryMoment } from './crash-trial.ts';
import { straceMissing } from './strace.ts';

/** The short crash matrix; `npm run torture` is the long one. */
const MISSING = straceMissing();
const SEED = Date.now() % 1_000_000;

describe.each([
  ['one file', false],
  ['a new folder with partitions', true],
])('the real command, publishing %s', (name, folder) => {
  let site: CrashSite;
  let expected: Expected;
  let milliseconds: number;
  const dice = new Dice(SEED);
  beforeAll(async () => {
    console.log(`crash matrix, ${name}: seed ${SEED}`);
    site = await CrashSite.build(folder);
    expected = await expectations(site, BOUNDS);
    await site.reset();
    ({ milliseconds } = await site.run({ input: 'new', groupRows: BOUNDS[0]!, workers: 1 }));
  }, 120_000);
  afterAll(() => site[Symbol.asyncDispose]());

  const play = async (moments: readonly Moment[]) => {
    for (const moment of moments) {
      const { problems, moment: said } = await tryMoment(site, moment, expected);
      expect(problems, said).toEqual([]);
    }
  };

  it('killed at random times, and again while it recovers', () => play(killsInTime(3, milliseconds, dice)), 120_000);

  it.skipIf(MISSING !== null)(
    `killed at system calls${MISSING === null ? '' : ` (${MISSING})`}`,
    async () => {
      const all = await killsAtCalls(site, dice);
      const at = (syscall: string) =>
        all.filter(({ blow }) => 'injection' in blow && blow.injection.syscall === syscall);
      // the steps that publish, each time; others by lot
      const always = ['rename', 'link', 'fchmod'].flatMap((syscall) => at(syscall).slice(0, 1));
      const syncs = dice.shuffle(at('fsync')).slice(0, 2);
      await play([...always, ...syncs, ...dice.shuffle(all).slice(0, 2)]);
    },
    180_000,
  );

  it.skipIf(MISSING !== null)(
    `on a full or broken disk${MISSING === null ? '' : ` (${MISSING})`}`,
    async () => {
      const all = await errorsAtCalls(site, dice);
      const syncs = all.filter(({ blow }) => 'injection' in blow && blow.injection.syscall === 'fsync');
      await play([...dice.shuffle(syncs).slice(0, 2), ...dice.shuffle(all).slice(0, 3)]);
    },
    180_000,
  );

  it.skipIf(MISSING !== null)(
    `makes durable what it is about to show, and what it has shown${MISSING === null ? '' : ` (${MISSING})`}`,
    async () => {
      const calls = await site.trace({ input: 'new', groupRows: BOUNDS[0]!, workers: 1 }, DEADLY);
      const out = `${site.root}/now/out`;
      const index = (test: (line: string) => boolean) => calls.findIndex(({ line }) => test(line));
      const last = (test: (line: string) => boolean) => calls.findLastIndex(({ line }) => test(line));
      const publishes = index((line) => /^\d+ +rename/.test(line) && line.includes('.atlas-draft"'));
      expect(publishes).toBeGreaterThan(0);
      // every file of the draft: synced after its last write, before the rename
      const written = new Set<string>();
      for (const { line } of calls) {
        const path = /pwrite64\(\d+<([^>]*\.atlas-draft[^>]*)>/.exec(line)?.[1];
        if (path !== undefined) written.add(path);
      }
      expect(written.size).toBeGreaterThan(folder ? 3 : 0);
      for (const path of written) {
        const write = last((line) => line.includes('pwrite64(') && line.includes(`<${path}>`));
        const sync = last((line) => line.includes('fsync(') && line.includes(`<${path}>`));
        expect(sync, path).toBeGreaterThan(write);
        expect(sync, path).toBeLessThan(publishes);
      }
      // every folder of the draft, and the folder it stands in
      const folders = new Set([...written].map((path) => path.slice(0, path.lastIndexOf('/'))));
      for (const path of folders) {
        const sync = index((line) => line.includes('fsync(') && line.includes(`<${path}>`));
        expect(sync, path).toBeGreaterThan(0);
        expect(sync, path).toBeLessThan(publishes);
      }
      // the intention before the rename, the folder after it, the settlement after that
      const ledger = (line: string) => line.includes('fsync(') && line.includes('ledger.db-wal');
      const intended = calls.slice(0, publishes).findLastIndex(({ line }) => ledger(line));
      const staged = last((line) => line.includes('fsync(') && line.includes('.atlas-draft'));
      expect(intended).toBeGreaterThan(staged);
      const after = calls.slice(publishes);
      const shown = after.findIndex(({ line }) => line.includes('fsync(') && line.includes(`<${out}>`));
      expect(shown).toBeGreaterThan(0);
      expect(after.findIndex(({ line }) => ledger(line))).toBeGreaterThan(shown);
    },
    60_000,
  );
});
