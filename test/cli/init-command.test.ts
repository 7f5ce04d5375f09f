import { existsSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { Project } from '../run/project.ts';
import { initIn, loadInit } from './init-bed.ts';
import { recordedIo } from './recorded-io.ts';

interface Written {
  readonly name: string;
  readonly source: {
    readonly path: string;
    readonly features: readonly Readonly<Record<string, unknown>>[];
  } & Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

const datasetsOf = (document: string): readonly Written[] =>
  (parse(document) as { dataset_config: readonly Written[] }).dataset_config;

describe('what init writes', () => {
  it('only what differs from the defaults, and a document that loads', async () => {
    using project = new Project();
    project.write('in/Täglich (2).csv.csv', 'id,name\n1,Ann\n2,Bob\n');
    const { document } = await initIn(project, ['in/Täglich (2).csv.csv']);
    expect(JSON.parse(document)).toEqual({
      dataset_config: [
        {
          name: 'Taglich_2',
          source: {
            type: 'csv',
            path: 'in/Täglich (2).csv.csv',
            features: [
              { name: 'id', type: 'bigint', nullable: false },
              { name: 'name', type: 'string', nullable: false },
            ],
          },
          destination: { type: 'parquet', path: 'out/Taglich_2.parquet' },
        },
      ],
    });
    const [load] = await loadInit(project, document);
    expect(load?.receipt.rows.published).toBe(2);
  });

  it('dates that could be read two ways stay text, with both ways in comments', async () => {
    using project = new Project();
    project.write('a.csv', 'id,day\n1,01/02/2024\n2,03/04/2024\n');
    const { document } = await initIn(project, ['a.csv']);
    expect(datasetsOf(document)[0]?.source.features[1]).toMatchObject({ name: 'day', type: 'string' });
    expect(document).toMatch(/\/\/ or "type": "date", "format": "%d\/%m\/%Y"/);
    expect(document).toMatch(/\/\/ or "type": "date", "format": "%m\/%d\/%Y"/);
    const [load] = await loadInit(project, document);
    expect(load?.receipt.outcome).toBe('published');
  });

  it('damaged rows become rejects within a limit, and the evidence counts them by code', async () => {
    using project = new Project();
    const rows = Array.from({ length: 200 }, (_, index) => (index === 150 ? `${index},x,surplus` : `${index},x`));
    project.write('a.csv', `id,name\n${rows.join('\n')}\n`);
    const { document, said } = await initIn(project, ['a.csv'], { explain: true });
    expect(datasetsOf(document)[0]).toMatchObject({ on_error: 'reject', max_rejects: '0.55%' });
    expect(said.replace(/\s+/g, ' ')).toContain('will be rejects: 1 ATLAS_CSV_TOO_MANY_FIELDS');
    const [load] = await loadInit(project, document);
    expect(load?.receipt.rows).toMatchObject({ published: 199, rejected: 1 });
  });

  it('names that mean something elsewhere are read back as they are', async () => {
    using project = new Project();
    const names = ['__proto__', 'constructor', '${HOME}', '{{ ds }}', 'a "b"', 'x'.repeat(65_536)];
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    project.write('{{ ds }}.csv', `${header}\n${names.map((_, index) => index).join(',')}\n`);
    const { document, refused } = await initIn(project, ['{{ ds }}.csv']);
    expect(refused).toBeNull();
    const [load] = await loadInit(project, document);
    expect(load?.receipt.error).toBeNull();
    const found = load?.receipt.schema.map(({ name }) => name) ?? [];
    expect(found.map((name) => name.slice(0, 20))).toEqual(names.map((name) => name.slice(0, 20)));
    expect(found.at(-1)).toHaveLength(65_536);
  });

  it('names that are blank or stand twice are made up, and the header is skipped', async () => {
    using project = new Project();
    project.write('a.csv', 'made by hand\n\nid,,id\n1,x,2\n3,y,4\n');
    const { document } = await initIn(project, ['a.csv']);
    expect(datasetsOf(document)[0]?.source).toMatchObject({
      skip_rows: 3,
      header: false,
      columns: ['id', 'column_2', 'id_2'],
    });
    const [load] = await loadInit(project, document);
    expect(load?.receipt.rows.published).toBe(2);
  });

  it('what is said is not guessed', async () => {
    using project = new Project();
    project.write('a.csv', 'a;b\n1;2\n3;4\n');
    const { document } = await initIn(project, ['a.csv'], { given: { delimiter: ',', header: false } });
    expect(datasetsOf(document)[0]?.source).toMatchObject({ header: false, columns: ['column_1'] });
    expect(datasetsOf(document)[0]?.source).not.toHaveProperty('delimiter');
  });
});

describe('several files', () => {
  it('one dataset where a glob matches them and no others; a column that some lack is null there', async () => {
    using project = new Project();
    project.write('in/day-1.csv', 'id,v\n1,2\n2,3\n');
    project.write('in/day-2.csv', 'v,id,x\n2.5,3,a\n3.5,4,b\n');
    const { document, said } = await initIn(project, ['in/day-1.csv', 'in/day-2.csv']);
    const [dataset, ...others] = datasetsOf(document);
    expect(others).toEqual([]);
    expect(dataset?.source.path).toBe('in/day-*.csv');
    expect(dataset?.source.features.map(({ name }) => name)).toEqual(['id', 'v', 'x']);
    expect(said).toContain('"x" is not in in/day-1.csv');
    expect(said).toMatch(/"v" is bigint in in\/day-1.csv, decimal\(\d+,1\) in in\/day-2.csv/);
    const [load] = await loadInit(project, document);
    expect(load?.receipt.error).toBeNull();
    expect(load?.receipt.rows).toMatchObject({ published: 4, rejected: 0 });
  });

  it('by their names where others are alike', async () => {
    using project = new Project();
    for (const name of ['day-1', 'day-2', 'day-3']) project.write(`${name}.csv`, 'id,v\n1,2\n');
    const { document } = await initIn(project, ['day-1.csv', 'day-3.csv']);
    expect(datasetsOf(document)[0]?.source.path).toBe('{day-1.csv,day-3.csv}');
    const [load] = await loadInit(project, document);
    expect(load?.receipt.rows.published).toBe(2);
  });

  it('a dataset for each where they have nothing in common, and why', async () => {
    using project = new Project();
    project.write('a.csv', 'id,v\n1,2\n');
    project.write('b.csv', 'name;city\nAnn;Rome\nBob;Bonn\n');
    const { document, said } = await initIn(project, ['a.csv', 'b.csv']);
    expect(datasetsOf(document).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(said).toContain('differ in delimiter');
  });
});

describe('what init refuses', () => {
  const refused: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['an empty file', '', 'empty, there is nothing to look at'],
    ['blanks only', '\ufeff\n\n', 'nothing in it but blanks'],
    ['JSON', '[\n{"a": 1, "b": 2},\n{"a": 3, "b": 4}\n]\n', 'JSON'],
    ['HTML', '<!doctype html>\n<html><body>a, b</body></html>\n', 'XML or HTML'],
    ['binary', Uint8Array.from({ length: 4000 }, (_, index) => (index * 7) % 31), 'control characters'],
    ['a blob', 'x'.repeat(3 << 20), 'no line ends'],
  ];

  it.each(refused)('%s', async (_, bytes, why) => {
    using project = new Project();
    project.write('a.csv', bytes);
    const { refused: error } = await initIn(project, ['a.csv']);
    expect(error?.code).toBe('ATLAS_INIT_UNDECIDED');
    expect(error?.exit).toBe(1);
    expect(error?.message).toContain(why);
  });
});

describe('the command', () => {
  it('prints the document and nothing else on standard output; --ocs writes it, and never over another', async () => {
    using project = new Project();
    project.write('a.csv', `id,name\n${Array.from({ length: 50 }, (_, index) => `${index},n${index}`).join('\n')}\n`);
    const io = recordedIo(project.root);
    expect(await runProgram(['init', 'a.csv'], io)).toBe(0);
    expect(io.printed.err).toBe('');
    expect(datasetsOf(io.printed.out)).toHaveLength(1);
    expect(await runProgram(['init', 'a.csv', '--ocs', 'shop', '--delimiter', ','], recordedIo(project.root))).toBe(0);
    expect(existsSync(project.path('metadata/shop.jsonc'))).toBe(true);
    const again = recordedIo(project.root);
    expect(await runProgram(['init', 'a.csv', '--ocs', 'shop'], again)).toBe(2);
    expect(again.printed.err).toContain('--force');
    expect(await runProgram(['init', 'a.csv', '--ocs', 'g', '--force'], recordedIo(project.root))).toBe(2);
    expect(await runProgram(['init', 'a.csv', '--ocs', 'shop', '--force'], recordedIo(project.root))).toBe(0);
  });

  it('works where there is no metadata folder yet', async () => {
    using project = new Project();
    project.write('data/a.csv', 'id,name\n1,Ann\n');
    const io = recordedIo(project.path('data'));
    expect(await runProgram(['init', 'a.csv', '--metadata', project.path('metadata')], io)).toBe(0);
    expect(datasetsOf(io.printed.out)[0]?.source.path).toBe('data/a.csv');
  });
});
