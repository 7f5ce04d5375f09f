import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Project } from '../run/project.ts';
import { initIn, loadInit } from './init-bed.ts';

interface Found {
  readonly name: string;
  readonly source: {
    readonly type: string;
    readonly path: string;
    readonly features: readonly { readonly name: string; readonly type: string; readonly [key: string]: unknown }[];
  };
}

function datasetsOf(document: string): readonly Found[] {
  return (JSON.parse(document) as { readonly dataset_config: readonly Found[] }).dataset_config;
}

const lines = (objects: readonly unknown[]): string => objects.map((each) => `${JSON.stringify(each)}\n`).join('');

/** Types of all features that init finds in lines. */
async function typesOf(text: string): Promise<Readonly<Record<string, string>>> {
  using project = new Project();
  project.write('a.jsonl', text);
  const { document, refused } = await initIn(project, ['a.jsonl']);
  if (refused) throw refused;
  const features = datasetsOf(document)[0]?.source.features ?? [];
  const [load] = await loadInit(project, document);
  expect(load?.receipt.error).toBeNull();
  expect(load?.receipt.rows.rejected).toBe(0);
  return Object.fromEntries(
    features.map(({ name, type, nullable }) => [name, nullable === false ? `${type} !` : type]),
  );
}

describe('types that every line fits', () => {
  it('a value is what JSON says it is; dates, times and UUIDs are looked for in texts', async () => {
    const row = {
      id: 1,
      big: 1,
      price: 1.5,
      yes: true,
      text: 'x',
      digits: '0123',
      number: '12',
      day: '2024-02-29',
      at: '2024-01-02T03:04:05.123Z',
      local: '2024-01-02T03:04:05',
      clock: '12:30:00',
      uuid: '6f1c2d3e-0000-4000-8000-000000000001',
      list: [1],
      object: { a: 1 },
      nothing: null,
      maybe: 1,
      flag: 'NA',
    };
    const { maybe: _, ...less } = row;
    expect(await typesOf(lines([row, less, row]))).toEqual({
      id: 'bigint !',
      big: 'bigint !',
      price: 'decimal(18,1) !',
      yes: 'boolean !',
      text: 'string !',
      digits: 'string !',
      number: 'string !',
      day: 'date !',
      at: 'timestamptz(us) !',
      local: 'timestamp(us) !',
      clock: 'time(us) !',
      uuid: 'uuid !',
      list: 'json !',
      object: 'json !',
      nothing: 'string',
      maybe: 'bigint',
      flag: 'string !',
    });
  });

  it('the last line of a long file counts as the first does', async () => {
    const many = Array.from({ length: 30_000 }, (_, a) => ({ a, b: a, c: a, d: 'x', e: '2024-01-01', f: true }));
    const last = { a: 0.25, b: '18446744073709551615', c: {}, d: 'y', e: '', f: 0, g: 1 };
    const text = `${lines([...many, last])}{"a":1,"b":1,"c":18446744073709551615,"d":"z","e":"","f":false}`;
    expect(await typesOf(text)).toEqual({
      a: 'decimal(18,2) !',
      b: 'string !',
      c: 'json !',
      d: 'string !',
      e: 'string !',
      f: 'string !',
      g: 'bigint',
    });
  });

  it('integers as wide as they are', async () => {
    const text = '{"a":18446744073709551615,"b":-9223372036854775808,"c":18446744073709551616,"d":1e3,"e":0}\n';
    expect(await typesOf(`${text}{"a":1,"b":9223372036854775807,"c":-1,"d":2,"e":1}\n`)).toEqual({
      a: 'uint64 !',
      b: 'bigint !',
      c: 'decimal(38,0) !',
      d: 'double !',
      e: 'bigint !',
    });
  });
});

describe('the document', () => {
  it('says of each key where it stands, whatever is in its name', async () => {
    using project = new Project();
    const keys = ['plain', 'a.b', 'a\\b', '', '""', '__proto__', 'constructor', ' padded ', '${X}', '{{ y }}', 'é'];
    project.write('a.ndjson', `{${keys.map((key, index) => `${JSON.stringify(key)}:${index}`).join(',')}}\n`);
    const { document } = await initIn(project, ['a.ndjson']);
    const features = datasetsOf(document)[0]?.source.features ?? [];
    expect(features.map(({ name, from }) => from ?? name)).toEqual([
      'plain',
      'a\\.b',
      'a\\\\b',
      '""',
      '\\"\\"',
      '__proto__',
      'constructor',
      ' padded ',
      '$${X}',
      '{{ y }}',
      'é',
    ]);
    const [load] = await loadInit(project, document);
    expect(load?.receipt.error).toBeNull();
    expect(load?.receipt.rows).toMatchObject({ published: 1, rejected: 0 });
  });

  it('one dataset where a glob matches the files; compressed, and without an ending of its own', async () => {
    using project = new Project();
    project.write('in/day-1.jsonl.gz', gzipSync('{"id":1}\n{"id":2,"x":"a"}\n'));
    project.write('in/day-2.jsonl.gz', gzipSync('{"id":3}\n'));
    const { document } = await initIn(project, ['in/day-1.jsonl.gz', 'in/day-2.jsonl.gz']);
    const [dataset, ...others] = datasetsOf(document);
    expect(others).toEqual([]);
    expect(dataset).toMatchObject({ name: 'day', source: { type: 'jsonl', path: 'in/day-*.jsonl.gz' } });
    const [load] = await loadInit(project, document);
    expect(load?.receipt.rows).toMatchObject({ published: 3, rejected: 0 });
    project.write('log.txt', '{"id":1}\n{"id":2}\n');
    expect(datasetsOf((await initIn(project, ['log.txt'])).document)[0]?.source.type).toBe('jsonl');
  });

  it('allows for the lines that are damaged, and says so', async () => {
    using project = new Project();
    project.write('a.jsonl', `${'{"id":1}\n'.repeat(30)}{"id":2,"id":3}\n[]\n`);
    const { document, said } = await initIn(project, ['a.jsonl']);
    expect(said).toContain('2 damaged');
    const [load] = await loadInit(project, document);
    expect(load?.receipt.rows).toMatchObject({ published: 30, rejected: 2 });
    expect(load?.rejects.map(({ code, line }) => [code, line])).toEqual([
      ['ATLAS_JSON_DUPLICATE_KEY', 31],
      ['ATLAS_JSON_NO_OBJECT', 32],
    ]);
  });

  it('refuses what has no keys, and too many', async () => {
    using project = new Project();
    project.write('a.jsonl', '{}\n\n{}\n');
    expect((await initIn(project, ['a.jsonl'])).refused?.code).toBe('ATLAS_INIT_UNDECIDED');
    project.write('b.jsonl', Array.from({ length: 20_000 }, (_, index) => `{"k${index}":1}\n`).join(''));
    expect((await initIn(project, ['b.jsonl'])).refused?.code).toBe('ATLAS_JSON_KEYS');
    project.write('c.csv', 'id,name\n1,x\n2,y\n');
    expect((await initIn(project, ['a.jsonl', 'c.csv'])).refused?.code).toBe('ATLAS_USAGE');
  });
});
