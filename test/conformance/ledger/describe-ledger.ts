import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Intention, Ledger, RunRecord } from '../../../src/flow/ledger.ts';
import type { Receipt } from '../../../src/flow/receipt.ts';

/** A ledger under test that can be closed and opened again. */
export interface LedgerBed extends AsyncDisposable {
  open(): Promise<Ledger>;
}

/** A run as it begins. */
export function runRecord(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  const startedAt = '2024-01-01T00:00:00.000Z';
  const base = { ocs: 'weather', startedAt, endedAt: null, status: 'running', exitCode: null } as const;
  return { id, ...base, host: 'here', pid: 1, version: '0.1.0', ...changes };
}

/** A receipt of 7 rows, published. */
export function receiptOf(run: string, dataset: string, changes: Partial<Receipt> = {}): Receipt {
  return {
    receiptVersion: 1,
    run,
    ocs: 'weather',
    dataset,
    outcome: 'published',
    planHash: 'p',
    startedAt: '2024-01-01T00:00:00.000Z',
    endedAt: '2024-01-01T00:00:01.000Z',
    seconds: 1,
    workers: 1,
    inputs: [{ path: '/in.csv', bytes: 100 }],
    bytesIn: 100,
    spans: { header: 10, skipped: 0, blank: 0, comment: 0, row: 90, reject: 0 },
    rows: { read: 7, published: 7, rejected: 0, deduplicated: 0, excluded: 0 },
    target: '/out/daily.parquet',
    bytesOut: 50,
    rowGroups: 1,
    files: [],
    identity: null,
    schema: [{ name: 'station', type: 'string', nullable: false }],
    rejects: { path: null, byCode: [] },
    notes: [],
    error: null,
    ...changes,
  };
}

/** What a run is about to do to `/out/daily.parquet`. */
export function intentionOf(run: string, changes: Partial<Intention> = {}): Intention {
  const target = '/out/daily.parquet';
  const post = { kind: 'file', device: '1', inode: '18446744073709551615', length: 50, modified: '17' } as const;
  return {
    id: `${run}/daily`,
    run,
    ocs: 'weather',
    dataset: 'daily',
    sink: 'parquet',
    target,
    pre: { kind: 'absent' },
    staged: {
      target,
      draft: `/out/.daily.parquet.${run}.atlas-draft`,
      post,
      files: [],
      rows: 7,
      bytes: 50,
      rowGroups: 1,
    },
    receipt: receiptOf(run, 'daily'),
    createdAt: '2024-01-01T00:00:01.000Z',
    ...changes,
  };
}

/** What every ledger promises. Call it inside a test file, once for each ledger. */
export function describeLedger(name: string, make: () => Promise<LedgerBed>): void {
  describe(`ledger ${name}`, () => {
    let bed: LedgerBed;
    let ledger: Ledger;
    beforeEach(async () => {
      bed = await make();
      ledger = await bed.open();
    });
    afterEach(async () => {
      await ledger[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });
    const reopen = async () => {
      await ledger[Symbol.asyncDispose]();
      ledger = await bed.open();
    };

    it('remembers a run from begin to end', async () => {
      await ledger.beginRun(runRecord('r1'));
      await ledger.beginRun(runRecord('r1'));
      expect(await ledger.run('r1')).toEqual(runRecord('r1'));
      await reopen();
      await ledger.endRun('r1', 'published', 0, '2024-01-01T00:00:09.000Z');
      const ended = runRecord('r1', { status: 'published', exitCode: 0, endedAt: '2024-01-01T00:00:09.000Z' });
      expect(await ledger.run('r1')).toEqual(ended);
      expect(await ledger.run('r2')).toBeNull();
      await expect(ledger.endRun('r2', 'failed', 1, 'x')).rejects.toMatchObject({ code: 'ATLAS_INTERNAL' });
    });

    it('lists runs newest first, of one group or all', async () => {
      for (const day of [1, 3, 2]) {
        const ocs = day === 2 ? 'orders' : 'weather';
        await ledger.beginRun(runRecord(`r${day}`, { ocs, startedAt: `2024-01-0${day}T00:00:00.000Z` }));
      }
      const ids = async (ocs: string | null, limit: number) => (await ledger.runs({ ocs, limit })).map(({ id }) => id);
      expect(await ids(null, 10)).toEqual(['r3', 'r2', 'r1']);
      expect(await ids('weather', 10)).toEqual(['r3', 'r1']);
      expect(await ids(null, 1)).toEqual(['r3']);
    });

    it('keeps an intention until it is settled, through a reopen, to the last digit', async () => {
      await ledger.intend(intentionOf('r1'));
      await ledger.intend(intentionOf('r1'));
      await reopen();
      expect(await ledger.pending('/out/daily.parquet')).toEqual([intentionOf('r1')]);
      expect(await ledger.pending('/out/other.parquet')).toEqual([]);
      await ledger.settle('r1/daily', receiptOf('r1', 'daily'));
      await reopen();
      expect(await ledger.pending('/out/daily.parquet')).toEqual([]);
      expect(await ledger.receipts('r1')).toEqual([receiptOf('r1', 'daily')]);
      expect(await ledger.lastPublished('weather', 'daily')).toEqual(receiptOf('r1', 'daily'));
    });

    it('settling twice changes nothing more than once', async () => {
      await ledger.intend(intentionOf('r1'));
      await ledger.settle('r1/daily', receiptOf('r1', 'daily'));
      await ledger.settle('r1/daily', receiptOf('r1', 'daily', { notes: ['again'] }));
      expect(await ledger.receipts('r1')).toEqual([receiptOf('r1', 'daily')]);
    });

    it('closing twice changes nothing more than once, and never undoes', async () => {
      await ledger.intend(intentionOf('r1'));
      await ledger.close('r1/daily', 'abandoned', 'gone');
      await ledger.close('r1/daily', 'abandoned', 'gone');
      expect(await ledger.pending('/out/daily.parquet')).toEqual([]);
      await expect(ledger.settle('r1/daily', receiptOf('r1', 'daily'))).rejects.toThrow(
        /cannot be settled: it is abandoned/,
      );
      expect(await ledger.receipts('r1')).toEqual([]);
      await ledger.intend(intentionOf('r2'));
      await ledger.settle('r2/daily', receiptOf('r2', 'daily'));
      await expect(ledger.close('r2/daily', 'abandoned', 'x')).rejects.toThrow(/cannot be abandoned: it is settled/);
      await expect(ledger.settle('r9/daily', receiptOf('r9', 'daily'))).rejects.toThrow(/it is not there/);
    });

    it('refuses another intention of the same name', async () => {
      await ledger.intend(intentionOf('r1'));
      await expect(ledger.intend(intentionOf('r1', { target: '/elsewhere' }))).rejects.toMatchObject({
        code: 'ATLAS_INTERNAL',
      });
    });

    it('answers open intentions oldest first', async () => {
      for (const run of ['r3', 'r1', 'r2']) await ledger.intend(intentionOf(run));
      const runs = (await ledger.pending('/out/daily.parquet')).map(({ run }) => run);
      expect(runs).toEqual(['r3', 'r1', 'r2']);
    });

    it('keeps receipts of what was not published, and lets a settlement replace them', async () => {
      const failed = receiptOf('r1', 'daily', {
        outcome: 'failed',
        error: { code: 'ATLAS_STORE_SYNC', message: 'no' },
      });
      await ledger.record(failed);
      await ledger.record(receiptOf('r1', 'hourly'));
      expect(await ledger.receipts('r1')).toEqual([failed, receiptOf('r1', 'hourly')]);
      expect(await ledger.lastPublished('weather', 'daily')).toBeNull();
      await ledger.intend(intentionOf('r1'));
      await ledger.settle('r1/daily', receiptOf('r1', 'daily'));
      expect(await ledger.lastPublished('weather', 'daily')).toEqual(receiptOf('r1', 'daily'));
      expect(await ledger.receipts('r1')).toHaveLength(2);
    });

    it('a settled receipt stays, whatever its run says later: another run may have settled it', async () => {
      await ledger.intend(intentionOf('r1'));
      await ledger.settle('r1/daily', receiptOf('r1', 'daily'));
      const failed = receiptOf('r1', 'daily', { outcome: 'failed', error: { code: 'ATLAS_LOCK_LOST', message: 'no' } });
      await ledger.record(failed);
      expect(await ledger.receipts('r1')).toEqual([receiptOf('r1', 'daily')]);
      expect(await ledger.lastPublished('weather', 'daily')).toEqual(receiptOf('r1', 'daily'));
    });

    it('the newest settled receipt of a dataset is the last one settled', async () => {
      for (const run of ['r2', 'r1']) {
        await ledger.intend(intentionOf(run));
        await ledger.settle(`${run}/daily`, receiptOf(run, 'daily'));
      }
      expect((await ledger.lastPublished('weather', 'daily'))?.run).toBe('r1');
    });

    it('the newest settled receipt of a target, whoever published it', async () => {
      expect(await ledger.lastAt('/out/daily.parquet')).toBeNull();
      await ledger.record(receiptOf('r0', 'daily', { outcome: 'failed' }));
      expect(await ledger.lastAt('/out/daily.parquet')).toBeNull();
      for (const run of ['r2', 'r1']) {
        await ledger.intend(intentionOf(run));
        await ledger.settle(`${run}/daily`, receiptOf(run, 'daily', { ocs: run === 'r1' ? 'other' : 'weather' }));
      }
      expect((await ledger.lastAt('/out/daily.parquet'))?.run).toBe('r1');
      expect(await ledger.lastAt('/out/daily')).toBeNull();
    });

    it('a replay is found by the run whose rejects it replayed, once it is settled', async () => {
      const of = receiptOf('r1', 'daily');
      const replays = { run: 'r1', rejects: 3, removed: 1 };
      await ledger.record(receiptOf('r2', 'daily', { outcome: 'skipped', replays }));
      await ledger.record(receiptOf('r3', 'hourly', { replays }));
      expect(await ledger.replayOf(of)).toBeNull();
      await ledger.intend(intentionOf('r4'));
      await ledger.settle('r4/daily', receiptOf('r4', 'daily', { replays }));
      expect(await ledger.replayOf(of)).toEqual(receiptOf('r4', 'daily', { replays }));
      expect(await ledger.replayOf(receiptOf('r1', 'hourly'))).toMatchObject({ run: 'r3' });
      expect(await ledger.replayOf(receiptOf('r4', 'daily'))).toBeNull();
    });

    it('remembers content by target, once it is settled, oldest first', async () => {
      const target = '/out/daily.parquet';
      const content = (run: string, ...sums: readonly string[]) =>
        receiptOf(run, 'daily', {
          inputs: [{ path: '/pipe', bytes: null }, ...sums.map((sha256) => ({ path: `/${sha256}`, bytes: 7, sha256 }))],
        });
      await ledger.record(content('r0', 'a'));
      expect(await ledger.contentsAt(target)).toEqual([]);
      for (const receipt of [content('r2', 'b', 'a', 'b'), content('r1', 'a')]) {
        await ledger.intend(intentionOf(receipt.run));
        await ledger.settle(`${receipt.run}/daily`, receipt);
        await ledger.settle(`${receipt.run}/daily`, receipt);
      }
      const of = { bytes: 7, ocs: 'weather', dataset: 'daily' };
      expect(await ledger.contentsAt(target)).toEqual([
        { sha256: 'b', run: 'r2', ...of },
        { sha256: 'a', run: 'r2', ...of },
        { sha256: 'a', run: 'r1', ...of },
      ]);
      expect(await ledger.contentsAt('/out/daily')).toEqual([]);
    });

    it('a target is held, and held again once it was given back', async () => {
      const { signal } = new AbortController();
      for (const run of ['r1', 'r2']) {
        await using lease = await ledger.hold('/out/daily.parquet', run, { signal });
        await ledger.intend(intentionOf(run));
        await lease.confirm({ signal });
        await ledger.settle(`${run}/daily`, receiptOf(run, 'daily'));
        await lease[Symbol.asyncDispose]();
      }
      expect((await ledger.lastAt('/out/daily.parquet'))?.run).toBe('r2');
    });

    it('two processes see the same', async () => {
      await using other = await bed.open();
      await ledger.intend(intentionOf('r1'));
      expect(await other.pending('/out/daily.parquet')).toHaveLength(1);
      await other.settle('r1/daily', receiptOf('r1', 'daily'));
      expect(await ledger.pending('/out/daily.parquet')).toEqual([]);
    });
  });
}
