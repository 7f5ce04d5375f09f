import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeTables, openStores, planGroup } from '../../../src/index.ts';
import { Project } from '../../run/project.ts';
import { cellsOf, duckdb } from './parquet-bed.ts';

const { signal } = new AbortController();

/** A project that takes all columns of the files of a path. */
function bedOf(path: string, rest: object = {}): Project {
  const project = new Project();
  const source = { type: 'parquet', path, features: '*' };
  project.declare([{ name: 'x', source, destination: { type: 'parquet', path: 'out/x.parquet' }, ...rest }]);
  return project;
}

async function plansOf(project: Project) {
  const { group, root } = await project.group();
  await using stores = openStores(await project.connections());
  const asked = { group, datasets: group.dataset_config, variables: {}, stores, root };
  const { datasets, described } = await describeTables(asked, { signal });
  return planGroup(group, datasets, { root, variables: {}, described });
}

async function load(project: Project) {
  const { receipts } = await project.run({ plans: await plansOf(project) });
  return receipts[0];
}

const TYPES = `1::TINYINT AS i8, 2::UINTEGER AS u32, 18446744073709551615::UBIGINT AS u64, 9007199254740993 AS i32or64,
  1.5::FLOAT AS f, 0.1::DOUBLE AS d, 12.34::DECIMAL(9,2) AS dec, 1e20::DECIMAL(38,3) AS wide, true AS b, 'é' AS s,
  '\\xFF'::BLOB AS bytes, DATE '2024-02-29' AS day, TIME '23:59:59.999999' AS clock, TIMESTAMP '2024-02-29 01:02:03.000004' AS at,
  TIMESTAMPTZ '2024-02-29 01:02:03Z' AS instant, TIMESTAMP_NS '2024-02-29 01:02:03.000000004' AS nanos,
  '00000000-0000-0000-0000-00000000000a'::UUID AS id, NULL::INTEGER AS nothing`;

it("a file's own columns are published with its own types, to the last one", async () => {
  using project = bedOf('in.parquet');
  await duckdb(`COPY (SELECT ${TYPES}) TO '${project.path('in.parquet')}' (FORMAT parquet)`);
  const [plan] = await plansOf(project);
  expect(plan?.schema.fields.map(({ name }) => name).slice(0, 3)).toEqual(['i8', 'u32', 'u64']);
  const receipt = await load(project);
  expect(receipt).toMatchObject({ outcome: 'published', error: null });
  expect(await cellsOf(project.path('out/x.parquet'))).toEqual(await cellsOf(project.path('in.parquet')));
});

it('two runs of the same file have the same plan, whatever else the file is called; features that are listed so have it, too', async () => {
  using project = bedOf('in.parquet');
  await duckdb(`COPY (SELECT 1::BIGINT AS a, 'x' AS b) TO '${project.path('in.parquet')}' (FORMAT parquet)`);
  const [own] = await plansOf(project);
  const features = [
    { name: 'a', type: 'bigint' },
    { name: 'b', type: 'string' },
  ];
  const source = { type: 'parquet', path: 'in.parquet', features };
  project.declare([{ name: 'x', source, destination: { type: 'parquet', path: 'out/x.parquet' } }]);
  const [listed] = await plansOf(project);
  expect(own?.hash).toBe(listed?.hash);
});

it('columns with parts, and those that no feature can hold, are refused by name, all at once', async () => {
  using project = bedOf('in.parquet');
  const columns = "[1] AS tags, {'a': 1} AS pair, MAP {'k': 1} AS m, INTERVAL 1 DAY AS span, 1 AS fine";
  await duckdb(`COPY (SELECT ${columns}) TO '${project.path('in.parquet')}' (FORMAT parquet)`);
  const failed = (await plansOf(project).catch((error: unknown) => error)) as {
    problems: { code: string; message: string; hint: string }[];
  };
  expect(failed.problems.map(({ code }) => code)).toEqual([
    'ATLAS_PARQUET_NESTED',
    'ATLAS_PARQUET_NESTED',
    'ATLAS_PARQUET_NESTED',
    'ATLAS_PARQUET_UNSUPPORTED',
  ]);
  expect(failed.problems[0]?.message).toContain('column "tags" is a list, which a feature takes as JSON text alone');
  expect(failed.problems[0]?.hint).toBe('List the features, "tags" as json, or leave it out.');
  expect(failed.problems[3]?.message).toContain('column "span" is an INTERVAL, which no feature can hold');
});

it('types come from the first file by name; another one that does not agree is refused before anything is read', async () => {
  using project = bedOf('in/*.parquet');
  project.write('in/keep', '');
  const write = (name: string, sql: string) =>
    duckdb(`COPY (${sql}) TO '${project.path(`in/${name}.parquet`)}' (FORMAT parquet)`);
  await write('a', 'SELECT 1::INT AS x, 2 AS y');
  await write('b', 'SELECT 3::INT AS x, 4 AS y');
  expect(await load(project)).toMatchObject({ outcome: 'published', rows: { published: 2 } });
  await write('c', 'SELECT 5::BIGINT AS x, 6 AS y');
  const receipt = await load(project);
  expect(receipt).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_PARQUET_TYPE' } });
  expect(receipt?.error?.message).toContain('column "x" is int64, in the first file it is int32');
  await write('c', 'SELECT 5::INT AS x, 6 AS y, 7 AS z');
  const other = await load(project);
  expect(other).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_DRIFT_FOUND' } });
  expect(other?.error?.message).toContain('z');
});

it('a column that changed its type, or came, since the last run is drift; with ignore it is published', async () => {
  using project = bedOf('in.parquet');
  const write = (sql: string) => duckdb(`COPY (${sql}) TO '${project.path('in.parquet')}' (FORMAT parquet)`);
  await write('SELECT 1::INT AS x');
  expect(await load(project)).toMatchObject({ outcome: 'published' });
  await write("SELECT 'a' AS x");
  expect(await load(project)).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_DRIFT_FOUND' } });
  await write('SELECT 1::INT AS x, 2 AS y');
  expect(await load(project)).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_DRIFT_FOUND' } });
  const source = { type: 'parquet', path: 'in.parquet', features: '*' };
  const destination = { type: 'parquet', path: 'out/x.parquet' };
  project.declare([{ name: 'x', source, destination, on_drift: 'ignore' }]);
  expect(await load(project)).toMatchObject({ outcome: 'published' });
  expect((await cellsOf(project.path('out/x.parquet')))[0]).toEqual(['x INTEGER', 'y INTEGER']);
});

it('a file that is not there, or is none, is said before anything is planned', async () => {
  using project = bedOf('in.parquet');
  await expect(plansOf(project)).rejects.toMatchObject({ code: 'ATLAS_INPUT_NOT_FOUND' });
  project.write('in.parquet', 'a,b\n1,2\n');
  await expect(plansOf(project)).rejects.toMatchObject({ code: 'ATLAS_PARQUET_INVALID' });
  rmSync(project.path('in.parquet'));
  const source = { type: 'parquet', path: 'no/*.parquet', features: '*' };
  project.declare([{ name: 'x', source, destination: { type: 'parquet', path: 'out/x.parquet' } }]);
  await expect(plansOf(project)).rejects.toMatchObject({ code: 'ATLAS_INPUT_NOT_FOUND' });
});

it('metadata is valid without a file; a plan that was made without one cannot be run', async () => {
  using project = bedOf('in.parquet');
  const [plan] = await project.plans();
  expect(plan?.source.features).toEqual([]);
  expect((await project.run()).receipts[0]?.error).toMatchObject({ code: 'ATLAS_META_INVALID' });
});
