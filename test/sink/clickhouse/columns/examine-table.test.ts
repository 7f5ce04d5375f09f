import { expect, it } from 'vitest';
import { createTableSql } from '../../../../src/flow/create-table-sql.ts';
import { examineTable } from '../../../../src/sink/clickhouse/columns/examine-table.ts';
import { newShape } from '../../../../src/sink/clickhouse/columns/new-shape.ts';
import { openClickhouse } from '../../../../src/sink/clickhouse/server/open-clickhouse.ts';
import { TablePlace } from '../../../../src/sink/clickhouse/table-place.ts';
import { describeWithClickhouse } from '../../../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../../../services/clickhouse/make-clickhouse-database.ts';
import { clickhouseConnection } from '../server/clickhouse-connection.ts';
import { type Features, type TableOptions, tablePlan } from './table-bed.ts';

const { signal } = new AbortController();

describeWithClickhouse('a table that is there', (clickhouse) => {
  const open = async () => {
    const database = await makeClickhouseDatabase(clickhouse());
    const { url, user, password } = clickhouse();
    const said = { urls: [url], user, password, database: database.name };
    const server = await openClickhouse(clickhouseConnection(said), { signal });
    const examine = (features: Features, options: TableOptions = {}, elsewhere?: string) =>
      examineTable(tablePlan(features, options), new TablePlace(server, elsewhere ?? database.name, 't'), { signal });
    const shape = async (table: string): Promise<string> => {
      const [row] = await database.query(
        `SELECT engine_full AS text FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
      );
      return String(row?.['text']);
    };
    return {
      database,
      examine,
      shape,
      [Symbol.asyncDispose]: async () => {
        await server[Symbol.asyncDispose]();
        await database[Symbol.asyncDispose]();
      },
    };
  };

  it('that this program made agrees with the plan that it was made by', async () => {
    await using bed = await open();
    const features = {
      ...{
        id: 'int!',
        day: 'date!',
        'we ird`': 'string',
        at: 'timestamptz(us)',
        t: 'time',
        price: 'decimal(38,10)',
        u: 'uuid',
      },
      ...{ f: 'real', b: 'boolean', j: 'json', raw: 'binary', city: 'string!', small: 'uint8' },
    };
    const create = {
      ...{ declared: ['engine', 'order_by', 'partition_by', 'primary_key', 'settings'] as const },
      ...{ engine: 'ReplacingMergeTree( `small2` )', partitionBy: ['toYYYYMM( day )', 'city'], primaryKey: ['`id`'] },
      ...{
        orderBy: ['`id`', 'toDate(at)+1', '`we ird\\``'],
        settings: { index_granularity: 1024, allow_nullable_key: 1 },
      },
    };
    const all = { ...features, small2: 'uint32!' };
    const plan = tablePlan(all, { create, lowCardinality: ['city'] });
    expect(await bed.examine(all, { create })).toBeNull();
    await bed.database.query(createTableSql('`t`', plan.columns, plan.made));
    const found = await bed.examine(all, { create, lowCardinality: ['city'] });
    expect(found?.changes).toEqual([]);
    expect(found?.notes).toEqual([]);
    expect([...found!.ranges]).toEqual([]);
    expect(found?.live.columns.filter(({ key }) => key).map(({ name }) => name)).toEqual([
      'id',
      'day',
      'we ird`',
      'at',
      'city',
    ]);
    expect(await bed.shape('t')).toBe(
      'ReplacingMergeTree(small2) PARTITION BY (toYYYYMM(day), city) PRIMARY KEY id ORDER BY (id, toDate(at) + 1, `we ird\\``) SETTINGS index_granularity = 1024, allow_nullable_key = 1',
    );
  });

  it('that is sorted, parted or kept by another engine than declared is refused, or made anew by overwrite', async () => {
    await using bed = await open();
    await bed.database.query(`CREATE TABLE t (id Int64, ts DateTime64(0, 'UTC'), v String DEFAULT 'it''s' CODEC(ZSTD(3)))
      ENGINE = ReplacingMergeTree(id) PARTITION BY toYYYYMM(ts) PRIMARY KEY id ORDER BY (id, toDate(ts))
      TTL ts + INTERVAL 1 MONTH SETTINGS index_granularity = 1024, merge_with_ttl_timeout = 7`);
    const features = { id: 'int!', ts: 'timestamp!', v: 'string!' };
    const declared = (options: Partial<Record<string, unknown>>) =>
      bed.examine(features, { create: { declared: Object.keys(options) as never, ...options } as never });
    await expect(
      bed.examine(features, { create: { declared: ['engine', 'order_by'], engine: 'MergeTree', orderBy: ['`id`'] } }),
    ).rejects.toMatchObject({
      code: 'ATLAS_CH_COLUMNS',
      message: expect.stringContaining(
        'engine is declared as MergeTree, the table has ReplacingMergeTree(id); order_by is declared as id, the table has id, toDate(ts)',
      ),
    });
    await expect(bed.examine(features, { create: { declared: ['partition_by'], partitionBy: [] } })).rejects.toThrow(
      'partition_by is declared as nothing, the table has toYYYYMM(ts)',
    );
    await declared({});
    const same = {
      partitionBy: ['toYYYYMM( `ts` )'],
      orderBy: ['`id`', 'toDate(`ts`)'],
      primaryKey: ['id'],
      engine: 'ReplacingMergeTree(`id`)',
    };
    const keys = ['partition_by', 'order_by', 'primary_key', 'engine'] as const;
    expect((await bed.examine(features, { create: { declared: keys, ...same } }))?.reshaped).toEqual([]);

    const create = {
      declared: ['order_by', 'settings'] as const,
      orderBy: ['`id`'],
      settings: { index_granularity: 4096 },
    };
    const found = await bed.examine(features, { mode: 'overwrite', create });
    expect(found?.reshaped).toEqual([
      { key: 'order_by', declared: 'id', live: 'id, toDate(ts)' },
      { key: 'settings', declared: 'index_granularity = 4096', live: 'index_granularity = 1024' },
    ]);
    const plan = tablePlan(features, { create });
    await bed.database.query(`CREATE TABLE next AS t ${newShape(plan.made, found!.live)}`);
    expect(await bed.shape('next')).toBe(
      'ReplacingMergeTree(id) PARTITION BY toYYYYMM(ts) PRIMARY KEY id ORDER BY id TTL ts + toIntervalMonth(1) SETTINGS index_granularity = 4096, merge_with_ttl_timeout = 7',
    );
    const [made] = await bed.database.query('SHOW CREATE TABLE next');
    expect(made?.['statement']).toContain("`v` String DEFAULT 'it\\'s' CODEC(ZSTD(3))");
    await bed.database.query(`CREATE TABLE again AS t ${newShape(tablePlan(features).made, found!.live)}`);
    expect(await bed.shape('again')).toBe(await bed.shape('t'));
  });

  it('evolves by ALTER TABLE, keeping values, defaults and codecs', async () => {
    await using bed = await open();
    await bed.database.query(`CREATE TABLE t (id Int32, k Int32, price Decimal(9, 2) DEFAULT 1.5 CODEC(ZSTD), ts DateTime('UTC'),
      d Date, low LowCardinality(String), r Float32) ENGINE = MergeTree ORDER BY k PARTITION BY intDiv(k, 10)`);
    await bed.database.query("INSERT INTO t VALUES (1, 2, 3.25, '2106-02-07 06:28:15', '2149-06-06', 'x', 0.1)");
    const features = {
      ...{
        id: 'int',
        k: 'int32!',
        price: 'decimal(20,4)!',
        ts: 'timestamp(us)',
        d: 'date',
        low: 'string',
        r: 'double!',
      },
      ...{ 'new "`\\ one': 'timestamptz', tag: 'string!' },
    };
    const options = { onDrift: 'evolve', lowCardinality: ['tag'] } as const;
    const found = await bed.examine(features, options);
    await bed.database.query(`ALTER TABLE t ${found?.changes.join(', ')}`);
    const again = await bed.examine(features, options);
    expect(again?.changes).toEqual([]);
    expect(again?.ranges.size).toBe(0);
    expect(again?.live.columns.map(({ type }) => type)).toEqual([
      ...['Nullable(Int64)', 'Int32', 'Decimal(20, 4)', "Nullable(DateTime64(6, 'UTC'))", 'Nullable(Date32)'],
      ...[
        'LowCardinality(Nullable(String))',
        'Float64',
        "Nullable(DateTime64(6, 'UTC'))",
        'LowCardinality(Nullable(String))',
      ],
    ]);
    expect(await bed.database.query('SELECT toString(tuple(*)) AS row FROM t')).toEqual([
      { row: "(1,2,3.25,'2106-02-07 06:28:15.000000','2149-06-06','x',0.10000000149011612,NULL,NULL)" },
    ]);
    const [made] = await bed.database.query('SHOW CREATE TABLE t');
    expect(made?.['statement']).toContain('`price` Decimal(20, 4) DEFAULT 1.5 CODEC(ZSTD');
  });

  it('that is a view, or is missing where it must be there, is refused by name', async () => {
    await using bed = await open();
    await expect(bed.examine({ id: 'int!' }, { create: null })).rejects.toMatchObject({
      code: 'ATLAS_CH_TABLE_MISSING',
    });
    await bed.database.query('CREATE VIEW t AS SELECT 1::Int64 AS id');
    await expect(bed.examine({ id: 'int!' })).rejects.toThrow('is of engine View');
    await expect(bed.examine({ id: 'int!' }, { create: null }, 'nowhere')).rejects.toThrow(
      'nowhere.t: there is no such table',
    );
  });
});
