import { describe, expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { cli } from './cli.ts';

async function typed(): Promise<Project> {
  const types = {
    id: 'bigint',
    small: 'uint8',
    price: 'decimal(20,3)',
    day: 'date',
    at: 'timestamp(us)',
    nano: 'timestamp(ns)',
    clock: 'time(us)',
    ok: 'boolean',
    key: 'uuid',
    name: 'string',
  };
  const dataset = datasetOf('t', types, { destination: { row_group_rows: 1 } });
  const source = dataset['source'] as { features: { name: string; sensitive?: boolean }[] };
  for (const feature of source.features) if (feature.name === 'name') feature.sensitive = true;
  const project = new Project([dataset]);
  const uuid = '123e4567-e89b-12d3-a456-426614174000';
  project.write(
    't.csv',
    `${Object.keys(types).join(',')}\n` +
      `9007199254740993,200,12345678901234567.125,1969-12-31,1969-12-31T23:59:59.000001,2024-01-31T00:00:00.123456789,01:02:03.5,true,${uuid},secret\n` +
      `-9007199254740993,7,-0.001,2024-02-29,2024-01-31T09:30:00,,00:00:00,,,more secret\n`,
  );
  const receipt = await project.load();
  if (receipt.outcome !== 'published') throw new Error(JSON.stringify(receipt.error));
  return project;
}

describe('inspect', () => {
  it('tells schema, bounds, row groups and rows without rounding, and masks what is sensitive', async () => {
    using project = await typed();
    const { status, stdout } = await cli(['inspect', 'out/t.parquet', '--json'], { cwd: project.root });
    expect(status).toBe(0);
    expect(stdout).not.toContain('secret');
    const found = JSON.parse(stdout) as { columns: { name: string }[]; first_rows: unknown[]; row_groups: unknown[] };
    expect(found).toMatchObject({ inspect_version: 1, rows: 2 });
    expect(found.row_groups.length).toBe(2);
    expect(found.first_rows).toEqual([
      {
        id: '9007199254740993',
        small: 200,
        price: '12345678901234567.125',
        day: '1969-12-31',
        at: '1969-12-31T23:59:59.000001',
        nano: '2024-01-31T00:00:00.123456789',
        clock: '01:02:03.500000',
        ok: true,
        key: '123e4567-e89b-12d3-a456-426614174000',
        name: '***',
      },
      {
        id: '-9007199254740993',
        small: 7,
        price: '-0.001',
        day: '2024-02-29',
        at: '2024-01-31T09:30:00',
        nano: null,
        clock: '00:00:00',
        ok: null,
        key: null,
        name: '***',
      },
    ]);
    const columns = Object.fromEntries(found.columns.map((column) => [column.name, column]));
    expect(columns['id']).toMatchObject({ type: 'INT64', min: '-9007199254740993', max: '9007199254740993', nulls: 0 });
    expect(columns['small']).toMatchObject({ min: 7, max: 200 });
    expect(columns['price']).toMatchObject({ min: '-0.001', max: '≈ 12345678901234568.000' });
    expect(columns['day']).toMatchObject({ min: '1969-12-31', max: '2024-02-29' });
    expect(columns['nano']).toMatchObject({ nulls: 1 });
    expect(columns['name']).toMatchObject({ sensitive: true, min: null, max: null });
  });

  it('prints the same for people', async () => {
    using project = await typed();
    const { stdout } = await cli(['inspect', 'out/t.parquet', '--rows', '1'], { cwd: project.root });
    expect(stdout).toMatch(/^out\/t\.parquet: 2 rows, 10 columns, .*, 2 row groups\n/);
    expect(stdout).toMatch(/^price +DECIMAL\(20,3\) FIXED\(9\) +0 +-0\.001 /m);
    expect(stdout).toContain('9007199254740993');
    expect(stdout).not.toContain('secret');
  });

  it.each([
    ['missing.parquet', 2, 'ATLAS_USAGE: there is no file'],
    ['t.csv', 1, 'ATLAS_PARQUET_INVALID'],
  ])('says what is wrong with %s', async (file, exit, message) => {
    using project = await typed();
    const { status, stderr } = await cli(['inspect', file], { cwd: project.root });
    expect([status, stderr]).toEqual([exit, expect.stringContaining(message)]);
  });
});
