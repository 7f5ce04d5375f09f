import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staged } from '../../../src/flow/sink.ts';
import type { ClickhouseServer } from '../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { openTestEngine, TableBed, through } from './table-bed.ts';

let server: ClickhouseServer;
beforeAll(async () => {
  server = await openTestEngine();
});
afterAll(() => server[Symbol.asyncDispose]());

const range = (from: number, to: number): readonly (readonly [number, number])[] =>
  Array.from({ length: to - from }, (_, index) => [from + index, (from + index) % 3] as const);
const ids = (rows: readonly (readonly [number, number])[]): readonly number[] => rows.map(([id]) => id);
const uuidOf = async (bed: TableBed) =>
  (await bed.query(`SELECT toString(uuid) AS uuid FROM system.tables WHERE name = '${bed.table}'`))[0]?.['uuid'];

describe('a ClickHouse table', () => {
  it('is made, and whole at once', async () => {
    const bed = new TableBed(server);
    const staged = await bed.publish('run-1', range(0, 10));
    expect(await bed.ids()).toEqual(ids(range(0, 10)));
    expect(staged).toMatchObject({ rows: 10, onto: { kind: 'absent' }, table: { step: 'rename', willCollapse: null } });
    expect(staged.table?.partitions.map(({ id, rows }) => [id, rows])).toEqual([
      ['0', 4],
      ['1', 3],
      ['2', 3],
    ]);
    const [row] = await bed.query(`SELECT name FROM ${bed.live} WHERE id = 4`);
    expect(row).toEqual({ name: 'name 4' });
    expect(await bed.leftovers()).toEqual([]);
    expect(await bed.sink().look(through)).toMatchObject(staged.post);
    expect(await bed.sink().recount(staged, through)).toBe(10);
  });

  it.each([true, false])('grows by append, its only writer: %s', async (exclusive) => {
    const bed = new TableBed(server, { exclusive });
    const first = await bed.publish('run-1', range(0, 10));
    const second = await bed.publish('run-2', range(10, 17));
    expect(await bed.ids()).toEqual(ids(range(0, 17)));
    expect(second).toMatchObject({ table: { step: exclusive ? 'exchange' : 'move' }, rows: exclusive ? 17 : 7 });
    expect(second.rowsBefore).toBe(exclusive ? 10 : undefined);
    expect(await bed.leftovers()).toEqual([]);
    const sink = bed.sink();
    expect(await sink.recount(second, through)).toBe(exclusive ? 17 : null);
    for (const [run, { post, table, files }] of [
      ['run-1', first],
      ['run-2', second],
    ] as const) {
      expect(await sink.holds({ run, identity: post, files, ...(table && { table }) }, through)).toBe('all');
    }
  });

  it('is replaced by overwrite, keeping what its makers said of it', async () => {
    const bed = new TableBed(server, { mode: 'overwrite' });
    await bed.command(
      `CREATE TABLE ${bed.live} (id Int64, p Int32, name Nullable(String) CODEC(ZSTD(3)), extra UInt8 DEFAULT 7, INDEX i p TYPE minmax)
       ENGINE = MergeTree PARTITION BY p ORDER BY id TTL toDate('2024-01-01') + id + INTERVAL 90 YEAR SETTINGS index_granularity = 1024 COMMENT 'ours'`,
    );
    const shape = async () =>
      (await bed.query(`SELECT create_table_query AS sql, comment FROM system.tables WHERE name = '${bed.table}'`))[0];
    const before = await shape();
    await bed.publish('run-1', range(0, 5));
    const staged = await bed.publish('run-2', range(20, 25));
    expect(staged).toMatchObject({ table: { step: 'exchange' }, rows: 5 });
    expect(staged.onto).toBeUndefined();
    expect(await bed.ids()).toEqual([20, 21, 22, 23, 24]);
    expect(await shape()).toEqual(before);
    expect(await bed.query(`SELECT DISTINCT extra FROM ${bed.live}`)).toEqual([{ extra: 7 }]);
    expect(await bed.leftovers()).toEqual([]);
  });

  it.each([
    [true, 'exchange', 'exchange'],
    [false, 'replace', 'exchange'],
  ])('has the partitions replaced that a load holds, its only writer: %s', async (exclusive, one, several) => {
    const bed = new TableBed(server, { exclusive, mode: 'replace_partitions' });
    await bed.publish('run-1', range(0, 12));
    const replaced = await bed.publish('run-2', [
      [100, 1],
      [101, 1],
    ]);
    expect(replaced.table?.step).toBe(one);
    expect(await bed.ids()).toEqual([...ids(range(0, 12)).filter((id) => id % 3 !== 1), 100, 101]);
    const more = await bed.publish('run-3', [
      [200, 0],
      [202, 2],
      [203, 5],
    ]);
    expect(more.table?.step).toBe(several);
    expect(await bed.ids()).toEqual([100, 101, 200, 202, 203]);
    expect(await bed.leftovers()).toEqual([]);
  });

  it('keeps every partition where a load to replace some holds no rows', async () => {
    for (const exclusive of [true, false]) {
      const bed = new TableBed(server, { exclusive, mode: 'replace_partitions' });
      await bed.publish('run-1', range(0, 12));
      await bed.publish('run-2', []);
      expect(await bed.ids()).toEqual(ids(range(0, 12)));
      expect(await bed.leftovers()).toEqual([]);
    }
  });

  it('forgets what was added to a partition that somebody replaced in the table itself, and nothing else', async () => {
    const bed = new TableBed(server, { exclusive: false });
    await bed.publish('run-0', range(0, 3));
    const published = (run: string, { post: identity, table, files }: Staged) => ({
      run,
      identity,
      files,
      ...(table && { table }),
    });
    const added = published('run-1', await bed.publish('run-1', [[10, 1]]));
    const beside = published('run-2', await bed.publish('run-2', [[20, 2]]));
    expect(added.table?.step).toBe('move');
    const held = (of: typeof added) => bed.sink().holds(of, through);
    // one that was staged, and given up, replaced nothing
    const sink = bed.sink({ mode: 'replace_partitions' });
    const givenUp = await bed.stage(sink, 'run-3', await bed.fragments([[30, 1]]));
    expect(givenUp.table?.step).toBe('replace');
    await sink.erase(givenUp, through);
    expect(await held(added)).toBe('all');
    const rows = [
      [40, 1],
      [41, 1],
      [42, 1],
    ] as const;
    const replacing = published('run-4', await bed.publish('run-4', rows, { mode: 'replace_partitions' }));
    expect(replacing.table?.step).toBe('replace');
    expect(await held(added)).toBe('none');
    expect(await held(beside)).toBe('all');
    expect(await held(replacing)).toBe('all');
    const after = published('run-5', await bed.publish('run-5', [[50, 1]]));
    await bed.command(`OPTIMIZE TABLE ${bed.live} FINAL`);
    expect(await held(added)).toBe('none');
    expect(await held(after)).toBe('all');
    expect(await bed.ids()).toEqual([0, 2, 20, 40, 41, 42, 50]);
  });

  it('shows nothing of a load before the commit, and nothing at all of one that is given up', async () => {
    const bed = new TableBed(server);
    await bed.publish('run-1', range(0, 4));
    const sink = bed.sink();
    const pre = await sink.look(through);
    const staged = await bed.stage(sink, 'run-2', await bed.fragments(range(4, 9)));
    expect(await bed.ids()).toEqual([0, 1, 2, 3]);
    expect(await sink.look(through)).toEqual(pre);
    expect(staged.onto).toEqual(pre);
    expect(await sink.compare(staged, 'draft', through)).toBe('same');
    expect(await sink.compare(staged, 'target', through)).toBe('other');
    await sink.commit(staged, through);
    expect(await sink.compare(staged, 'draft', through)).toBe('absent');
    expect(await sink.compare(staged, 'target', through)).toBe('same');
    await sink.commit(staged, through);
    expect(await bed.ids()).toEqual(ids(range(0, 9)));
    await sink.erase(staged, through);
    expect(await bed.ids()).toEqual(ids(range(0, 9)));
    expect(await bed.leftovers()).toEqual([]);
    {
      await using draft = await sink.draft('run-3', through);
      for (const fragment of await bed.fragments(range(0, 100))) await draft.write(fragment, through);
      expect((await bed.leftovers()).length).toBe(1);
    }
    expect(await bed.leftovers()).toEqual([]);
    expect(await bed.ids()).toEqual(ids(range(0, 9)));
  });

  it('takes one INSERT a block, and each makes one part of a partition', async () => {
    const bed = new TableBed(server, { blockRows: 100 });
    const sink = bed.sink();
    const rows = range(0, 1000).map(([id]) => [id, 0] as const);
    const staged = await bed.stage(sink, 'run-1', await bed.fragments(rows, 25));
    expect(staged).toMatchObject({ rows: 1000, rowGroups: 10 });
    expect(staged.table?.partitions[0]?.hashes).toHaveLength(10);
    await sink.erase(staged, through);
    const one = await bed.stage(bed.sink({ blockRows: 1_000_000 }), 'run-2', await bed.fragments(rows, 25));
    expect(one.table?.partitions[0]?.hashes).toHaveLength(1);
    await sink.erase(one, through);
  });

  it('keeps the rows of blocks of the same content, with and without a window', async () => {
    for (const window of [0, 100]) {
      for (const exclusive of [true, false]) {
        const create = { settings: { non_replicated_deduplication_window: window } };
        const bed = new TableBed(server, { exclusive, blockRows: 3, create });
        const same = Array.from({ length: 12 }, () => [1, 1] as const);
        await using sink = bed.sink();
        const staged = await bed.stage(sink, 'run-1', await bed.fragments(same, 3));
        await sink.commit(staged, through);
        await sink.clean([], through);
        await bed.publish('run-2', [[1, 1]]);
        expect((await bed.ids())?.length).toBe(13);
      }
    }
  });

  it('says that its engine makes fewer rows of those that were staged', async () => {
    for (const exclusive of [true, false]) {
      const bed = new TableBed(server, { exclusive, create: { engine: 'ReplacingMergeTree' } });
      const twice = [...range(0, 5), ...range(0, 5)];
      const staged = await bed.publish('run-1', twice);
      expect(staged.rows).toBe(10);
      expect(staged.table?.willCollapse).toMatch(/ReplacingMergeTree keeps the last of rows/);
      const more = await bed.publish('run-2', twice);
      await bed.command(`OPTIMIZE TABLE ${bed.live} FINAL`);
      expect(await bed.ids()).toEqual([0, 1, 2, 3, 4]);
      expect(await bed.sink().recount(more, through)).toBeNull();
    }
  });

  it('notices what is gone of what was published', async () => {
    const bed = new TableBed(server);
    const { post: identity, table, files } = await bed.publish('run-1', range(0, 9));
    const published = { run: 'run-1', identity, files, ...(table && { table }) };
    const held = () => bed.sink().holds(published, through);
    await bed.publish('run-2', range(9, 12));
    expect(await held()).toBe('all');
    await bed.command(`ALTER TABLE ${bed.live} DROP PARTITION ID '1'`);
    expect(await held()).toBe('some');
    await bed.publish(
      'run-3',
      [
        [50, 1],
        [51, 1],
        [52, 1],
        [53, 1],
      ],
      { mode: 'replace_partitions' },
    );
    expect(await held()).toBe('some');
    await bed.command(`TRUNCATE TABLE ${bed.live}`);
    expect(await held()).toBe('none');
    await bed.publish('run-4', range(0, 9), { mode: 'overwrite' });
    expect(await held()).toBe('none');
    expect(await uuidOf(bed)).not.toBe(identity.kind === 'table' && identity.uuid);
    await bed.command(`DROP TABLE ${bed.live} SYNC`);
    expect(await held()).toBe('none');
  });

  it('is told by inserts, mutations and dropped partitions, and not by merges', async () => {
    const bed = new TableBed(server);
    await bed.publish('run-1', range(0, 9));
    const sink = bed.sink();
    const looks = [await sink.look(through)];
    for (let index = 0; index < 3; index++) await bed.command(`INSERT INTO ${bed.live} VALUES (1, 1, 'x')`);
    looks.push(await sink.look(through));
    await bed.command(`OPTIMIZE TABLE ${bed.live} FINAL`);
    expect(await sink.look(through)).toEqual(looks[1]);
    await bed.command(`ALTER TABLE ${bed.live} UPDATE name = 'y' WHERE id = 1 SETTINGS mutations_sync = 1`);
    looks.push(await sink.look(through));
    await bed.command(`ALTER TABLE ${bed.live} DROP PARTITION ID '0'`);
    looks.push(await sink.look(through));
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(4);
    expect(new Set(looks.map((look) => look.kind === 'table' && look.uuid)).size).toBe(1);
  });

  it('refuses what it cannot publish to', async () => {
    const check = (bed: TableBed, changes = {}) => bed.sink(changes).check(through);
    const bed = new TableBed(server, { create: null });
    await expect(check(bed)).rejects.toMatchObject({ code: 'ATLAS_CH_TABLE_MISSING' });
    await bed.command(`CREATE TABLE ${bed.live} (id Int64) ENGINE = Memory`);
    await expect(check(bed)).rejects.toMatchObject({ code: 'ATLAS_TARGET_KIND' });
    const viewed = new TableBed(server);
    await viewed.publish('run-1', range(0, 3));
    const sums = `${viewed.live.slice(0, -1)}_sums\``;
    await viewed.command(`CREATE TABLE ${sums} (n Int64) ENGINE = MergeTree ORDER BY n`);
    await viewed.command(
      `CREATE MATERIALIZED VIEW ${viewed.live.slice(0, -1)}_mv\` TO ${sums} AS SELECT id AS n FROM ${viewed.live}`,
    );
    await expect(check(viewed)).rejects.toMatchObject({
      code: 'ATLAS_CH_VIEWS',
      message: expect.stringContaining(`${viewed.table}_mv`),
    });
    await expect(check(viewed, { onViews: 'bypass' })).resolves.toBeUndefined();
  });

  it('still feeds its views after an exchange that bypassed them', async () => {
    const bed = new TableBed(server, { onViews: 'bypass' });
    await bed.publish('run-1', range(0, 3));
    const sums = `${bed.live.slice(0, -1)}_sums\``;
    await bed.command(`CREATE TABLE ${sums} (n Int64) ENGINE = MergeTree ORDER BY n`);
    await bed.command(
      `CREATE MATERIALIZED VIEW ${bed.live.slice(0, -1)}_mv\` TO ${sums} AS SELECT id AS n FROM ${bed.live}`,
    );
    await bed.publish('run-2', range(3, 6));
    expect(await bed.query(`SELECT n FROM ${sums}`)).toEqual([]);
    await bed.command(`INSERT INTO ${bed.live} VALUES (77, 1, 'x')`);
    expect(await bed.query(`SELECT n FROM ${sums}`)).toEqual([{ n: '77' }]);
  });

  it('has its views see every row where they are to, block by block', async () => {
    const bed = new TableBed(server, { onViews: 'direct', blockRows: 4 });
    await bed.publish('run-1', range(0, 3));
    const sums = `${bed.live.slice(0, -1)}_sums\``;
    await bed.command(`CREATE TABLE ${sums} (n Int64) ENGINE = MergeTree ORDER BY n`);
    await bed.command(
      `CREATE MATERIALIZED VIEW ${bed.live.slice(0, -1)}_mv\` TO ${sums} AS SELECT id AS n FROM ${bed.live}`,
    );
    const same = Array.from({ length: 8 }, () => [7, 1] as const);
    await using sink = bed.sink();
    const staged = await bed.stage(sink, 'run-2', await bed.fragments([...same, ...range(8, 20)], 4));
    expect(staged.table?.step).toBe('insert');
    expect(await bed.ids()).toEqual([0, 1, 2]);
    await sink.commit(staged, through);
    const wanted = [...same, ...range(8, 20)].map(([id]) => id);
    expect(await bed.ids()).toEqual([0, 1, 2, ...wanted]);
    expect((await bed.query(`SELECT n FROM ${sums} ORDER BY n`)).map(({ n }) => Number(n))).toEqual(wanted);
    expect(await sink.compare(staged, 'target', through)).toBe('same');
    await sink.clean([], through);
    expect(await bed.leftovers()).toEqual([]);
  });
});
