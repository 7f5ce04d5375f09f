import { expect, it } from 'vitest';
import { Project } from '../run/project.ts';
import { cellsOf, duckdb } from '../source/parquet/parquet-bed.ts';
import { initIn, loadInit } from './init-bed.ts';

const write = (project: Project, name: string, sql: string) =>
  duckdb(`COPY (${sql}) TO '${project.path(name)}' (FORMAT parquet)`);

it('a Parquet file becomes a document that publishes what is in it', async () => {
  using project = new Project();
  const columns =
    '1::BIGINT AS id, DATE \'2024-02-29\' AS "day one", 1.50::DECIMAL(9,2) AS price, [1, NULL] AS tags, INTERVAL 1 DAY AS span';
  await write(project, 'sales.parquet', `SELECT ${columns}`);
  const { document, said, refused } = await initIn(project, ['sales.parquet']);
  expect(refused).toBeNull();
  expect(document).toBe(`{
  "dataset_config": [
    {
      "name": "sales",
      "source": {
        "type": "parquet",
        "path": "sales.parquet",
        "features": [
          { "name": "id", "type": "int64" },
          { "name": "day one", "type": "date" },
          { "name": "price", "type": "decimal(9,2)" },
          // a list, as JSON text
          { "name": "tags", "type": "json" }
        ]
      },
      "destination": { "type": "parquet", "path": "out/sales.parquet" }
    }
  ]
}
`);
  expect(said).toContain('span is left out: it is an INTERVAL, which no feature can hold');
  const [outcome] = await loadInit(project, document.replace(/^\s*\/\/.*$/gm, ''));
  expect(outcome?.receipt).toMatchObject({ outcome: 'published', error: null });
  expect((await cellsOf(project.path('out/sales.parquet'))).at(-1)).toEqual(['1', '2024-02-29', '1.50', '[1,null]']);
});

it('files that are alike are one dataset, and others one each', async () => {
  using project = new Project();
  project.write('in/.keep', '');
  await write(project, 'in/a_2023.parquet', 'SELECT 1 AS x');
  await write(project, 'in/a_2024.parquet', 'SELECT 2 AS x');
  const alike = await initIn(project, ['in/a_2023.parquet', 'in/a_2024.parquet']);
  expect(alike.document).toContain('"path": "in/a_202*.parquet"');
  expect(alike.document).toContain('"name": "a_202"');
  await write(project, 'in/b.parquet', "SELECT 'x' AS x");
  const apart = await initIn(project, ['in/a_2023.parquet', 'in/b.parquet']);
  expect(apart.said).toContain('one dataset for each file: they do not have the same columns');
  expect(apart.document.match(/"path": "in\//g)?.length).toBe(2);
});

it('a file without a row is published empty; Parquet is known by its bytes, not by its name', async () => {
  using project = new Project();
  await write(project, 'data.bin', 'SELECT 1 AS x LIMIT 0');
  const { document } = await initIn(project, ['data.bin']);
  expect(document).toContain('"on_empty": "publish"');
  expect(document).toContain('{ "name": "x", "type": "int32" }');
});

it('what only text has, and other kinds beside it, are refused', async () => {
  using project = new Project();
  await write(project, 'a.parquet', 'SELECT 1 AS x');
  project.write('b.csv', 'x\n1\n');
  const mixed = await initIn(project, ['a.parquet', 'b.csv']);
  expect(mixed.refused).toMatchObject({ code: 'ATLAS_USAGE' });
  expect(mixed.refused?.message).toContain('one kind of files at a time');
  const given = await initIn(project, ['a.parquet'], { given: { delimiter: ';' } });
  expect(given.refused?.message).toContain('delimiter is said of text');
});
