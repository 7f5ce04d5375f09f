import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { setState } from '../../src/run/incremental/set-state.ts';
import type { PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { IncrementalBed } from './incremental-bed.ts';

type Database = Pick<PostgresDatabase, 'url' | 'query'> & AsyncDisposable;

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`);

/** What an incremental dataset of any database promises. Call it inside a describe, with a server. */
export function describeIncremental(make: () => Promise<Database>): void {
  let database: Database;
  let bed: IncrementalBed;
  beforeEach(async () => {
    database = await make();
    bed = new IncrementalBed(database);
    await database.query('CREATE TABLE orders (id bigint, day date, at timestamp NULL, amount decimal(38,4))');
  });
  afterEach(async () => {
    bed[Symbol.dispose]();
    await database[Symbol.asyncDispose]();
  });
  const insert = async (from: number, to: number) => {
    const rows = ids(from, to).map((id) => {
      const day = `2024-01-${String((Number(id) % 28) + 1).padStart(2, '0')}`;
      return `(${id}, '${day}', '${day} 10:00:00', ${id}.5)`;
    });
    await database.query(`INSERT INTO orders VALUES ${rows.join(', ')}`);
  };

  it('publishes each row once, run after run, and skips where nothing is new', async () => {
    bed.follow();
    await insert(1, 5);
    expect(await bed.load()).toMatchObject({ outcome: 'published', watermark: { before: null, after: '5' } });
    await insert(6, 9);
    expect(await bed.load()).toMatchObject({ rows: { read: 4, published: 4 }, watermark: { before: '5', after: '9' } });
    const quiet = await bed.load();
    expect(quiet).toMatchObject({ outcome: 'skipped', error: null, watermark: { before: '9', after: '9' } });
    expect(quiet.notes.join()).toContain('nothing is new, the watermark stays 9');
    expect(await bed.published()).toEqual(ids(1, 9));
    expect(await bed.watermarks()).toEqual(['9']);
  });

  it('a first run without rows is what on_empty says', async () => {
    bed.follow();
    expect((await bed.load()).error?.code).toBe('ATLAS_INPUT_EMPTY');
    expect(await bed.watermarks()).toEqual([]);
  });

  it('follows integers beyond 2^53 and instants to the microsecond, as the server compares them', async () => {
    bed.follow();
    const big = 9_007_199_254_740_992n;
    await database.query(`INSERT INTO orders (id) VALUES (${big}), (${big + 1n})`);
    await bed.load();
    await database.query(`INSERT INTO orders (id) VALUES (${big + 2n})`);
    expect(await bed.load()).toMatchObject({ rows: { read: 1 }, watermark: { after: `${big + 2n}` } });
    expect(await bed.published()).toEqual([`${big}`, `${big + 1n}`, `${big + 2n}`]);
    await database.query('CREATE TABLE ticks (at timestamp(6) NULL)');
    using ticks = new IncrementalBed(database);
    ticks.follow({ table: 'ticks', incremental: { column: 'at' } });
    await database.query("INSERT INTO ticks VALUES ('2024-01-01 00:00:00.000001'), ('2024-01-01 00:00:00.000002')");
    expect(await ticks.load()).toMatchObject({ outcome: 'published', error: null });
    await database.query("INSERT INTO ticks VALUES ('2024-01-01 00:00:00.000003')");
    expect(await ticks.load()).toMatchObject({ rows: { read: 1 }, watermark: { after: '2024-01-01 00:00:00.000003' } });
    expect(await ticks.published('at')).toHaveLength(3);
  });

  it('begins above initial', async () => {
    bed.follow({ incremental: { initial: '3' } });
    await insert(1, 5);
    await bed.load();
    expect(await bed.published()).toEqual(['4', '5']);
  });

  it('rows without a value are an error, or left out and counted', async () => {
    await insert(1, 3);
    await database.query('INSERT INTO orders (id, amount) VALUES (NULL, 1), (NULL, 2)');
    bed.follow();
    expect((await bed.load()).error).toMatchObject({
      code: 'ATLAS_STATE_NULLS',
      message: expect.stringContaining('2 rows'),
    });
    bed.follow({ incremental: { nulls: 'exclude' } });
    const { rows, watermark } = await bed.load();
    expect(rows).toEqual({ read: 5, published: 3, rejected: 0, deduplicated: 0, excluded: 2 });
    expect(watermark).toMatchObject({ after: '3', nulls: 2 });
    expect(await bed.load()).toMatchObject({ outcome: 'skipped', rows: { read: 2, excluded: 2, published: 0 } });
    expect(await bed.published()).toEqual(['1', '2', '3']);
  });

  it('rows without a value and rows of the lag are added again where that is wanted', async () => {
    await insert(1, 3);
    await database.query('INSERT INTO orders (id, amount) VALUES (NULL, 1)');
    bed.follow({ incremental: { nulls: 'include', lag: '1', duplicates: 'keep' } });
    await bed.load();
    await bed.load();
    expect(await bed.published()).toEqual(['null', 'null', '1', '2', '3', '3']);
    expect(await bed.watermarks()).toEqual(['3']);
  });

  it('replaces whole partitions, and the lag reads the last ones again', async () => {
    const destination = { mode: 'replace_partitions', partition_by: ['day'] };
    bed.follow({ incremental: { column: 'day', lag: '1d', nulls: 'include' }, destination });
    await database.query(
      `INSERT INTO orders (id, day) VALUES (1, '2024-01-01'), (2, '2024-01-02'), (3, '2024-01-03'), (9, NULL)`,
    );
    await bed.load();
    await database.query(`INSERT INTO orders (id, day) VALUES (4, '2024-01-03'), (5, '2024-01-04'), (6, '2024-01-01')`);
    expect(await bed.load()).toMatchObject({ watermark: { before: '2024-01-03', after: '2024-01-04' } });
    expect(await bed.published()).toEqual(['1', '2', '3', '4', '5', '9']);
    await bed.load();
    expect(await bed.published()).toEqual(['1', '2', '3', '4', '5', '9']);
  });

  it('a lost ledger stops it, until --since or --full-refresh says how to go on', async () => {
    bed.follow();
    await insert(1, 3);
    await bed.load();
    rmSync(bed.path('.atlas'), { recursive: true });
    await insert(4, 5);
    expect((await bed.load()).error?.code).toBe('ATLAS_STATE_LOST');
    expect((await bed.load({ incremental: { kind: 'since', value: 'x' } })).error?.code).toBe('ATLAS_STATE_VALUE');
    await bed.load({ incremental: { kind: 'since', value: '3' } });
    expect(await bed.published()).toEqual(ids(1, 5));
    expect((await bed.load({ incremental: { kind: 'since', value: '3' } })).error?.code).toBe('ATLAS_STATE_KNOWN');
    rmSync(bed.path('.atlas'), { recursive: true });
    await database.query('DELETE FROM orders WHERE id = 2');
    const refreshed = await bed.load({ incremental: { kind: 'full_refresh' } });
    expect(refreshed).toMatchObject({ outcome: 'published', watermark: { how: 'full_refresh', after: '5' } });
    expect(await bed.published()).toEqual(['1', '3', '4', '5']);
    expect((await bed.load()).outcome).toBe('skipped');
  });

  it('a target that was emptied, or another table, is noticed', async () => {
    bed.follow();
    await insert(1, 3);
    await bed.load();
    bed.follow({ source: { where: 'id > 0' } });
    expect((await bed.load()).error?.code).toBe('ATLAS_STATE_SOURCE');
    bed.follow();
    rmSync(bed.path('out/orders'), { recursive: true });
    expect((await bed.load()).error?.code).toBe('ATLAS_STATE_TARGET_EMPTY');
    await bed.load({ incremental: { kind: 'full_refresh' } });
    expect(await bed.published()).toEqual(ids(1, 3));
  });

  it('a failed run moves nothing', async () => {
    bed.follow({ source: { features: [{ name: 'id', type: 'int8', nullable: false }] } });
    await insert(1, 2);
    await bed.load();
    await insert(300, 300);
    expect(await bed.load()).toMatchObject({ outcome: 'failed' });
    expect(await bed.watermarks()).toEqual(['2']);
    expect(await bed.published()).toEqual(['1', '2']);
  });

  it('backfills in chunks, again where it was interrupted, each row once', async () => {
    bed.follow();
    await insert(1, 25);
    const first = await bed.backfill({ from: '5', to: '20', chunk: '5' });
    expect(first.chunks.map(({ from, to, receipt: { rows } }) => [from, to, rows.published])).toEqual([
      ['5', '10', 5],
      ['10', '15', 5],
      ['15', '20', 5],
    ]);
    expect(await bed.watermarks()).toEqual(['19']);
    const again = await bed.backfill({ from: '5', to: '20', chunk: '5' });
    expect(again.chunks.map(({ receipt }) => receipt.outcome)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(again.chunks[0]?.receipt.notes.join()).toContain('was published before by run');
    await bed.load();
    expect(await bed.published()).toEqual(ids(5, 25));
    await bed.backfill({ from: '0', to: '8', chunk: null });
    expect(await bed.published()).toEqual(ids(1, 25));
    expect(await bed.watermarks()).toEqual(['25']);
    const gap = await bed.backfill({ from: '40', to: '50', chunk: null });
    expect(gap.chunks[0]?.receipt.error?.code).toBe('ATLAS_STATE_GAP');
    await insert(26, 30);
    await bed.backfill({ from: '20', to: '29', chunk: '3' });
    expect(await bed.watermarks()).toEqual(['28']);
    await bed.load();
    expect(await bed.published()).toEqual(ids(1, 30));
  });

  it('is set by hand, and who did it is remembered', async () => {
    bed.follow();
    await insert(1, 3);
    await bed.load();
    {
      await using ledger = await openSqliteLedger(bed.path('.atlas/ledger.db'));
      const [known] = await ledger.watermarks({ ocs: 'g', dataset: 'orders' });
      if (known === undefined) throw new Error('no watermark');
      await expect(setState(ledger, known, { text: 'soon', why: 'x' })).rejects.toMatchObject({
        code: 'ATLAS_STATE_VALUE',
      });
      await setState(ledger, known, { text: '2', why: 'row 3 was lost' });
      expect(await ledger.watermarkChanges({ ocs: 'g', dataset: null })).toMatchObject([
        { before: '3', after: '2', why: 'row 3 was lost', who: expect.stringContaining('@') },
      ]);
    }
    expect(await bed.load()).toMatchObject({ rows: { read: 1 }, watermark: { before: '2', after: '3' } });
    expect(await bed.published()).toEqual(['1', '2', '3', '3']);
  });

  it('a sample leaves the watermark alone', async () => {
    bed.follow();
    await insert(1, 5);
    await bed.load({ sample: { rows: 2, file: bed.path('sample.parquet') } });
    await bed.load();
    expect(await bed.published()).toEqual(ids(1, 5));
  });
}
