import { queryAsync } from 'chdb';
import { describe, expect, test } from 'vitest';
import type { Field, Schema } from '../../../src/batch/schema.ts';
import { clickhouseRange } from '../../../src/plan/clickhouse/value-ranges.ts';
import { ALL_FIELDS, EDGES } from '../all-types.ts';
import { type Cell, field } from '../build-batch.ts';
import { expectColumns } from '../expect-columns.ts';
import { withFile } from '../read-duckdb.ts';
import { clickhouseType, exactCell, exactly } from './clickhouse-columns.ts';
import { writeArrow } from './write-arrow.ts';

/** What a row of a table is, as JSON; the last statement answers. */
async function ask(sql: string): Promise<Record<string, string | null>[]> {
  const answer = await queryAsync(sql, { format: 'JSONEachRow' });
  return answer
    .text()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

let tables = 0;

/** Inserts a stream into a new table of these columns and answers all of its cells. */
function through(bytes: Uint8Array, schema: Schema, typeOf: (one: Field) => string): Promise<Cell[][]> {
  return withFile(bytes, async (path) => {
    tables += 1;
    const table = `t${process.pid}_${tables}`;
    const columns = schema.fields.map((one) => `\`${one.name}\` ${typeOf(one)}`).join(', ');
    const rows = await ask(`
      CREATE TABLE ${table} (${columns}) ENGINE = Memory;
      INSERT INTO ${table} SELECT * FROM file('${path}', ArrowStream)
        SETTINGS max_threads = 1, input_format_null_as_default = 0, insert_null_as_default = 0;
      SELECT ${schema.fields.map((one, i) => `${exactly(one)} AS c${i}`).join(', ')} FROM ${table} SETTINGS max_threads = 1`);
    await queryAsync(`DROP TABLE ${table}`);
    return schema.fields.map((one, i) => rows.map((row) => exactCell(one, row[`c${i}`] ?? null)));
  });
}

/** The edges of a type that ClickHouse can hold, those of its own range among them. */
function edgesOf(one: Field): readonly Cell[] {
  const range = clickhouseRange(one.type);
  if (range === null) return EDGES[one.name]!;
  const [least, greatest] = [BigInt(range.least), BigInt(range.greatest)];
  const inside = EDGES[one.name]!.filter((cell) => (cell as bigint) >= least && (cell as bigint) <= greatest);
  return [...inside, least, greatest, least + 1n, greatest - 1n];
}

function cellsOf(one: Field, rows: number, nullEvery: number): Cell[] {
  const edges = edgesOf(one);
  return Array.from({ length: rows }, (_, row): Cell => {
    if (nullEvery > 0 && row % nullEvery === 1) return null;
    return edges[(row * 7) % edges.length]!;
  });
}

describe.each(['none', 'lz4', 'zstd'] as const)('%s', (compression) => {
  test.each([0, 1, 4])('ClickHouse holds every type, every %ith cell null', async (nullEvery) => {
    const columns = ALL_FIELDS.map((one) => cellsOf(one, 1100, nullEvery));
    const bytes = await writeArrow({ fields: ALL_FIELDS }, columns, { compression, fragmentRows: 500 });
    const read = await through(bytes, { fields: ALL_FIELDS }, (one) => `Nullable(${clickhouseType(one)})`);
    expectColumns({ fields: ALL_FIELDS }, read, columns);
  });

  test('… and where nothing is null', async () => {
    const required = { fields: ALL_FIELDS.map((one) => ({ ...one, nullable: false })) };
    const columns = required.fields.map((one) => cellsOf(one, 700, 0));
    const bytes = await writeArrow(required, columns, { compression });
    expectColumns(required, await through(bytes, required, clickhouseType), columns);
  });
});

test('texts in LowCardinality', async () => {
  const fields = [field('a', 'string'), field('b', 'string!'), field('j', 'json'), field('x', 'binary!')];
  const texts = [...EDGES['string']!, '😀', 'a\0b', ' '];
  const pick = (from: readonly Cell[], null_: boolean): Cell[] =>
    Array.from({ length: 500 }, (_, row) => (null_ && row % 5 === 0 ? null : from[(row * 3) % from.length]!));
  const columns = [pick(texts, true), pick(texts, false), pick(EDGES['json']!, true), pick(EDGES['binary']!, false)];
  const bytes = await writeArrow({ fields }, columns, { fragmentRows: 170 });
  const read = await through(bytes, { fields }, (one) => {
    return `LowCardinality(${one.nullable ? 'Nullable(String)' : 'String'})`;
  });
  expectColumns({ fields }, read, columns);
});

test('an empty text is no null, and a null no empty text', async () => {
  const fields = [field('a', 'string'), field('x', 'binary')];
  const columns: Cell[][] = [
    ['', null, '', null],
    [null, new Uint8Array(0), new Uint8Array(0), null],
  ];
  expectColumns(
    { fields },
    await through(await writeArrow({ fields }, columns), { fields }, () => 'Nullable(String)'),
    columns,
  );
});

test('times of day as text, where there is no Time64', async () => {
  const fields = [field('t', 'time(us)'), field('s', 'time(s)!')];
  const bytes = await writeArrow({ fields }, [
    [0n, 86_399_999_999n, null],
    [0n, 86_399n, 1n],
  ]);
  const rows = await withFile(bytes, (path) =>
    ask(`SELECT * FROM file('${path}', ArrowStream, 't Nullable(String), s String')`),
  );
  expect(rows).toEqual([
    { t: '00:00:00.000000', s: '00:00:00' },
    { t: '23:59:59.999999', s: '23:59:59' },
    { t: null, s: '00:00:01' },
  ]);
});

describe('just outside of a range', () => {
  const just = (spelling: string): readonly [Field, bigint, bigint] => {
    const one = field('x', `${spelling}!`);
    const range = clickhouseRange(one.type)!;
    return [one, BigInt(range.least) - 1n, BigInt(range.greatest) + 1n];
  };

  test('a date fails the whole INSERT, but for the first day of 2300', async () => {
    const [one, before, after] = just('date');
    const insert = async (day: bigint): Promise<Cell[][]> =>
      through(await writeArrow({ fields: [one] }, [[0n, day]]), { fields: [one] }, clickhouseType);
    await expect(insert(before)).rejects.toThrow(/321|out of the allowed Date32 range/);
    await expect(insert(after + 1n)).rejects.toThrow(/321|out of the allowed Date32 range/);
    expect(await insert(after)).toEqual([[0n, after]]);
  });

  test.each(['timestamp(s)', 'timestamp(ms)', 'timestamptz(us)'])(
    '%s is kept as it is, and never refused',
    async (spelling) => {
      const [one, before, after] = just(spelling);
      const columns = [[before, after]];
      const bytes = await writeArrow({ fields: [one] }, columns);
      expectColumns({ fields: [one] }, await through(bytes, { fields: [one] }, clickhouseType), columns);
    },
  );
});

test('a null for a column that takes none fails the INSERT', async () => {
  const fields = [field('n', 'int64')];
  const bytes = await writeArrow({ fields }, [[1n, null]]);
  await expect(through(bytes, { fields }, () => 'Int64')).rejects.toThrow(/NULL/i);
});

test('hostile names', async () => {
  const names = ['`', '"', "'", '\\', 'a b', 'ü😀', '.', 'select', 'a\tb', '$x', '{{x}}', 'x'.repeat(300)];
  const fields = names.map((name) => field(name, 'int32!'));
  const bytes = await writeArrow(
    { fields },
    fields.map((_, i) => [BigInt(i)]),
  );
  const [row] = await withFile(bytes, (path) => ask(`SELECT * FROM file('${path}', ArrowStream)`));
  expect(row).toEqual(Object.fromEntries(names.map((name, i) => [name, i])));
});
