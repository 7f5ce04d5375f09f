import { describe, expect, test } from 'vitest';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { type Cell, field } from './build-batch.ts';
import { queryDuckdb } from './read-duckdb.ts';
import { metadataOf } from './read-hyparquet.ts';
import { writeParquet } from './write-parquet.ts';

/** What DuckDB prints of a chunk's statistics. */
async function statisticsOf(spelling: string, cells: readonly Cell[]) {
  const bytes = await writeParquet({ fields: [field('c', spelling)] }, [cells]);
  const [row] = await queryDuckdb(
    bytes,
    `select stats_min_value, stats_max_value, stats_null_count::int, num_values::int, min_is_exact, max_is_exact
     from parquet_metadata($file)`,
  );
  return row;
}

describe('a chunk says its least and greatest value', () => {
  test.each<[string, readonly Cell[], string | null, string | null]>([
    ['int64', [5n, -7n, null], '-7', '5'],
    ['int8', [-128n, 127n], '-128', '127'],
    ['uint8', [128n, 3n], '3', '128'],
    ['uint32', [2n ** 32n - 1n, 1n], '1', '4294967295'],
    ['uint64', [2n ** 64n - 1n, 1n], '1', '18446744073709551615'],
    ['double', [1.5, Number.NaN, -2.5, null], '-2.5', '1.5'],
    ['double', [0, 0], '-0.0', '0.0'],
    ['double', [-0, -0], '-0.0', '0.0'],
    ['double', [Number.NaN], null, null],
    ['real', [Math.fround(0.5), Number.NaN, -4], '-4.0', '0.5'],
    ['decimal(9,2)', [100n, -5n], '-0.05', '1.00'],
    ['decimal(18,3)', [10n ** 17n, -1n], '-0.001', '100000000000000.000'],
    ['decimal(30,1)', [-1n, 5n, -(10n ** 29n)], '-10000000000000000000000000000.0', '0.5'],
    ['boolean', [true, null], 'true', 'true'],
    ['boolean', [true, false], 'false', 'true'],
    ['string', ['b', 'a', 'ab', 'é', ''], '', 'é'],
    ['date', [0n, -1n], '1969-12-31', '1970-01-01'],
    ['timestamp', [0n, 86_400n], '1970-01-01 00:00:00', '1970-01-02 00:00:00'],
    ['timestamp(us)', [1n, -1n], '1969-12-31 23:59:59.999999', '1970-01-01 00:00:00.000001'],
    ['time(s)', [1n, 86_399n], '00:00:01', '23:59:59'],
    ['int64', [null, null], null, null],
  ])('%s %o', async (spelling, cells, min, max) => {
    expect(await statisticsOf(spelling, cells)).toEqual([
      min,
      max,
      cells.filter((cell) => cell === null).length,
      cells.length,
      min === null ? null : true,
      max === null ? null : true,
    ]);
  });

  test('long texts are cut, and said to be', async () => {
    const long = 'x'.repeat(100);
    expect(await statisticsOf('string', [long, `${long}y`])).toEqual([
      'x'.repeat(64),
      `${'x'.repeat(63)}y`,
      0,
      2,
      false,
      false,
    ]);
    expect(await statisticsOf('string', ['x'.repeat(64), `${long}y`])).toMatchObject([
      'x'.repeat(64),
      `${'x'.repeat(63)}y`,
      0,
      2,
      true,
      false,
    ]);
    expect(await statisticsOf('string', ['\u{10ffff}'.repeat(20), 'a'])).toMatchObject(['a', null, 0, 2, true, null]);
  });
});

test('merge over pages and appends', async () => {
  const cells = Array.from({ length: 5000 }, (_, i) => BigInt((i * 7919) % 5000) - 2500n);
  const bytes = await writeParquet({ fields: [field('c', 'int64')] }, [cells], { pageBytes: 256, batchRows: 77 });
  const statistics = metadataOf(bytes).row_groups[0]!.columns[0]!.meta_data!.statistics!;
  expect([statistics.min_value, statistics.max_value, statistics.null_count]).toEqual([-2500n, 2499n, 0n]);
});

test.each(ALL_FIELDS.filter((one) => !['json', 'timestamptz(ns)'].includes(one.name)))(
  'no engine prunes a $name away that is there',
  async (one) => {
    const edges = EDGES[one.name]!;
    // one row group an edge, so that each is looked for among bounds that exclude it
    const bytes = await writeParquet({ fields: [{ ...one, name: 'c' }] }, [edges], { groupRows: 1 });
    const [found] = await queryDuckdb(
      bytes,
      `select count(*)::int from (select distinct c from $file) as wanted where exists (select 1 from $file as f where f.c = wanted.c)`,
    );
    const [distinct] = await queryDuckdb(bytes, 'select count(distinct c)::int from $file');
    expect(found).toEqual(distinct);
    for (let row = 0; row < edges.length; row += 1) {
      const [hits] = await queryDuckdb(
        bytes,
        `select count(*)::int from $file where c = (select c from $file limit 1 offset ${row})`,
      );
      expect(hits![0]).toBeGreaterThanOrEqual(1);
    }
  },
);
