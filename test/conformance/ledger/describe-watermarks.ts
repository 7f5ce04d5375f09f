import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncrementalRange } from '../../../src/flow/dataset-plan.ts';
import type { Ledger } from '../../../src/flow/ledger.ts';
import type { ReceiptWatermark, Watermark, WatermarkChange } from '../../../src/flow/watermark.ts';
import { intentionOf, type LedgerBed, receiptOf } from './describe-ledger.ts';

const TARGET = '/out/daily.parquet';

/** How a run of `daily` went on from `before` to `after`. */
export function watermarkOf(
  before: string | null,
  after: string | null,
  changes: Partial<ReceiptWatermark> = {},
): ReceiptWatermark {
  const range: IncrementalRange = { from: before, fromInclusive: false, to: null, toInclusive: true, nulls: false };
  const common = { source: 's1', path: 'postgresql://shop/public.orders', column: 'id', kind: 'integer' } as const;
  return { ...common, how: 'run', range, floor: null, before, after, nulls: 0, ...changes };
}

/** What every ledger promises of watermarks. Call it inside a test file, once for each ledger. */
export function describeWatermarks(name: string, make: () => Promise<LedgerBed>): void {
  describe(`watermarks of ledger ${name}`, () => {
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
    const settle = async (run: string, watermark: ReceiptWatermark, dataset = 'daily', target = TARGET) => {
      const receipt = receiptOf(run, dataset, { watermark, target });
      const id = `${run}/${dataset}`;
      await ledger.intend(intentionOf(run, { id, dataset, receipt, target }));
      await ledger.settle(id, receipt);
    };
    const values = async (dataset: string | null = 'daily') =>
      (await ledger.watermarks({ ocs: 'weather', dataset })).map(({ value }) => value);

    it('moves with the receipt that is settled, and with none that is only intended or recorded', async () => {
      const receipt = receiptOf('r1', 'daily', { watermark: watermarkOf(null, '10') });
      await ledger.intend(intentionOf('r1', { receipt }));
      await ledger.record(receiptOf('r1', 'daily', { outcome: 'failed', watermark: watermarkOf(null, '10') }));
      await reopen();
      expect(await values()).toEqual([]);
      await ledger.settle('r1/daily', receipt);
      await reopen();
      expect(await ledger.watermarks({ ocs: 'weather', dataset: 'daily' })).toEqual([
        {
          ...{ ocs: 'weather', dataset: 'daily', target: TARGET, source: 's1', column: 'id', kind: 'integer' },
          ...{ path: 'postgresql://shop/public.orders', floor: null, value: '10', run: 'r1', at: receipt.endedAt },
        },
      ]);
      await ledger.settle('r1/daily', receipt);
      expect(await values()).toEqual(['10']);
    });

    it('stays where an intention is abandoned', async () => {
      await settle('r1', watermarkOf(null, '10'));
      await ledger.intend(
        intentionOf('r2', { receipt: receiptOf('r2', 'daily', { watermark: watermarkOf('10', '20') }) }),
      );
      await ledger.close('r2/daily', 'abandoned', 'gone');
      expect(await values()).toEqual(['10']);
    });

    it('never moves backwards, compared as values and not as text or numbers', async () => {
      await settle('r1', watermarkOf(null, '9007199254740993'));
      for (const [index, after] of ['9007199254740992', '9', '-1', null].entries()) {
        await settle(`back${index}`, watermarkOf(null, after));
      }
      expect(await values()).toEqual(['9007199254740993']);
      await settle('r2', watermarkOf('9007199254740993', '18446744073709551615'));
      expect(await values()).toEqual(['18446744073709551615']);
      const decimal = { kind: 'decimal', source: 'd' } as const;
      await settle('d1', watermarkOf(null, '9.50', decimal));
      await settle('d2', watermarkOf('9.50', '9.5', decimal));
      await settle('d3', watermarkOf('9.50', '10', decimal));
      await settle('d4', watermarkOf('10', '9.9999999999999999999999999999', decimal));
      expect(await values()).toEqual(['10', '18446744073709551615']);
    });

    it('compares instants by what they are', async () => {
      const time = { kind: 'timestamptz' } as const;
      await settle('r1', watermarkOf(null, '2024-01-01 10:00:00.000001+00', time));
      await settle('r2', watermarkOf(null, '2024-01-01 11:00:00+01', time));
      expect(await values()).toEqual(['2024-01-01 10:00:00.000001+00']);
      await settle('r3', watermarkOf(null, '10000-01-01 00:00:00+00', time));
      expect(await values()).toEqual(['10000-01-01 00:00:00+00']);
    });

    it('is kept apart by dataset, target and source', async () => {
      await settle('r1', watermarkOf(null, '1'));
      await settle('r2', watermarkOf(null, '2', { source: 's2', path: 'z' }));
      await settle('r3', watermarkOf(null, '3'), 'daily', '/out/other/');
      await settle('r4', watermarkOf(null, '4'), 'hourly');
      expect(await values()).toEqual(['1', '2', '3']);
      expect(await values('hourly')).toEqual(['4']);
      expect(await values(null)).toEqual(['1', '2', '3', '4']);
      expect(await ledger.watermarks({ ocs: 'weath', dataset: null })).toEqual([]);
    });

    it('a full refresh sets it anew, lower too, and forgets all else about the target', async () => {
      await settle('r1', watermarkOf(null, '100'));
      await settle('r2', watermarkOf(null, '50', { source: 's2' }));
      await settle('r3', watermarkOf(null, '7'), 'hourly');
      await settle('r4', watermarkOf(null, '8'), 'hourly', '/out/elsewhere/');
      const range = { from: '1', fromInclusive: true, to: '5', toInclusive: false, nulls: false };
      await settle('r5', watermarkOf('100', '100', { how: 'backfill', range }));
      await settle('r6', watermarkOf('100', '3', { how: 'full_refresh' }));
      expect(await values()).toEqual(['3']);
      expect(await values('hourly')).toEqual(['8']);
      expect(await ledger.backfilled({ ocs: 'weather', dataset: 'daily', target: TARGET, source: 's1' })).toEqual([]);
      await settle('r7', watermarkOf('3', null, { how: 'full_refresh' }));
      expect(await values()).toEqual([null]);
    });

    it('is there, without a value, where rows were published and none of them has one', async () => {
      await settle('r1', watermarkOf(null, null));
      expect(await values()).toEqual([null]);
      await settle('r2', watermarkOf(null, '5'));
      await settle('r3', watermarkOf('5', null));
      expect(await values()).toEqual(['5']);
    });

    it('remembers what backfills published, by target and source', async () => {
      const key = { ocs: 'weather', dataset: 'daily', target: TARGET, source: 's1' };
      const chunk = (from: string, to: string) => ({ from, fromInclusive: true, to, toInclusive: false, nulls: false });
      await settle('r1', watermarkOf(null, '100'));
      await settle('r3', watermarkOf('100', '100', { how: 'backfill', range: chunk('20', '30') }));
      await settle('r2', watermarkOf('100', '110', { how: 'backfill', range: chunk('90', '120') }));
      await reopen();
      expect(await ledger.backfilled(key)).toEqual([
        { from: '20', to: '30', run: 'r3' },
        { from: '90', to: '120', run: 'r2' },
      ]);
      expect(await values()).toEqual(['110']);
      expect(await ledger.backfilled({ ...key, source: 's2' })).toEqual([]);
      expect(await ledger.backfilled({ ...key, dataset: 'hourly' })).toEqual([]);
    });

    it('is set by hand, in either direction, and who did it is remembered', async () => {
      await settle('r1', watermarkOf(null, '100', { floor: '5' }));
      const [known] = await ledger.watermarks({ ocs: 'weather', dataset: 'daily' });
      const { value: before, run: _, ...rest } = known as Watermark;
      const at = '2024-01-02T00:00:00.000Z';
      const change: WatermarkChange = { ...rest, before, after: '40', at, who: 'ada@host', why: 'rows were lost' };
      await ledger.setWatermark(change);
      await ledger.setWatermark(change);
      await reopen();
      expect(await ledger.watermarks({ ocs: 'weather', dataset: null })).toEqual([
        { ...rest, value: '40', run: null, at },
      ]);
      const next = { ...change, before: '40', after: null, at: '2024-01-03T00:00:00.000Z' };
      await ledger.setWatermark(next);
      expect(await values()).toEqual([null]);
      expect(await ledger.watermarkChanges({ ocs: 'weather', dataset: 'daily' })).toEqual([next, change]);
      expect(await ledger.watermarkChanges({ ocs: 'weather', dataset: null })).toEqual([next, change]);
      expect(await ledger.watermarkChanges({ ocs: 'weather', dataset: 'hourly' })).toEqual([]);
      await settle('r2', watermarkOf(null, '60'));
      expect(await values()).toEqual(['60']);
    });

    it('is not set where it is no longer what was looked at', async () => {
      await settle('r1', watermarkOf(null, '100'));
      const [known] = await ledger.watermarks({ ocs: 'weather', dataset: 'daily' });
      const { value: _, run: __, ...rest } = known as Watermark;
      const change: WatermarkChange = { ...rest, before: '99', after: '40', at: 'x', who: 'a', why: 'b' };
      await expect(ledger.setWatermark(change)).rejects.toMatchObject({ code: 'ATLAS_STATE_MOVED' });
      await expect(ledger.setWatermark({ ...change, before: null })).rejects.toMatchObject({
        code: 'ATLAS_STATE_MOVED',
      });
      expect(await values()).toEqual(['100']);
      expect(await ledger.watermarkChanges({ ocs: 'weather', dataset: null })).toEqual([]);
    });
  });
}
