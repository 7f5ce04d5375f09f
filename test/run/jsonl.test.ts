import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { Project } from './project.ts';

/** Bytes as a file of the reader. */
const fileOf = (bytes: Buffer) => ({
  byteLength: bytes.length,
  slice: (from: number, to?: number) => new Uint8Array(bytes.subarray(from, to)).buffer,
});

const FEATURES = [
  { name: 'id', type: 'uint64', nullable: false },
  { name: 'city', type: 'string', from: 'user.city' },
  { name: 'tags', type: 'json' },
];

const dataset = (more: object = {}, source: object = {}) => ({
  name: 'd',
  source: { type: 'jsonl', path: 'in/*.jsonl', features: FEATURES, ...source },
  destination: { type: 'parquet', path: 'out/d.parquet' },
  ...more,
});

const line = (id: number | string, more = ''): string =>
  `{"id":${id},"user":{"city":"Zürich"},"tags":[1, "a"]${more}}\n`;

describe('a run over JSON lines', () => {
  it('publishes rows as they are, whatever the number of workers', async () => {
    using project = new Project([dataset({}, { slice_bytes: 4096 })]);
    const many = Array.from({ length: 2000 }, (_, index) => line(index)).join('');
    project.write('in/a.jsonl', many);
    project.write('in/b.jsonl', `${line('18446744073709551615')}\n${line('9007199254740993')}`);
    const { receipts } = await project.run();
    expect(receipts[0]?.error).toBeNull();
    expect(receipts[0]?.rows).toMatchObject({ read: 2002, published: 2002, rejected: 0 });
    const rows = await parquetReadObjects({ file: fileOf(project.read('out/d.parquet')) });
    expect(rows.at(-2)).toMatchObject({ id: 18446744073709551615n, city: 'Zürich', tags: [1, 'a'] });
    expect(rows.at(-1)?.['id']).toBe(9007199254740993n);
    const once = project.read('out/d.parquet');
    await project.run({ workers: 3 });
    expect(project.read('out/d.parquet').equals(once)).toBe(true);
  });

  it('sets lines aside that it cannot take, with their text, and they are not replayed', async () => {
    using project = new Project([dataset({ on_error: 'reject', max_rejects: 10 })]);
    project.write('in/a.jsonl', `${line(1)}{"id":2,"id":3}\n\n${line(-1)}{"id":4`);
    const { receipts } = await project.run();
    expect(receipts[0]?.rows).toMatchObject({ read: 4, published: 1, rejected: 3 });
    const lines = readFileSync(receipts[0]?.rejects.path ?? '', 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((each) => JSON.parse(each) as object)).toMatchObject([
      { file: 'in/a.jsonl', line: 2, code: 'ATLAS_JSON_DUPLICATE_KEY', raw: '{"id":2,"id":3}\n' },
      { line: 4, column: 'id', code: 'ATLAS_CAST_RANGE' },
      { line: 5, code: 'ATLAS_JSON_CUT', raw: '{"id":4' },
    ]);
    expect(receipts[0]?.notes.join()).toContain('cannot be replayed');
  });

  it('reads compressed files, and fails with all that is wrong', async () => {
    using project = new Project([dataset({}, { path: 'in/a.jsonl.gz' })]);
    project.write('in/a.jsonl.gz', gzipSync(`${line(1)}[]\n${line(2)}`));
    const { receipts } = await project.run();
    expect(receipts[0]?.outcome).toBe('failed');
    expect(receipts[0]?.rejects.byCode).toMatchObject([{ code: 'ATLAS_JSON_NO_OBJECT' }]);
    expect(project.list('out')).toEqual([]);
  });
});

describe('keys that no feature takes', () => {
  it('are told, and a new one fails a later run, wherever in the files it stands', async () => {
    using project = new Project([dataset()]);
    project.write('in/a.jsonl', line(1, ',"extra":1') + line(2));
    const first = (await project.run()).receipts[0];
    expect(first?.ignored).toEqual(['extra']);
    expect(first?.columns).toEqual(['id', 'user', 'tags', 'extra']);
    expect(first?.notes.join()).toContain('"extra"');
    project.write('in/a.jsonl', line(1));
    expect((await project.run()).receipts[0]?.outcome).toBe('published');
    const before = project.read('out/d.parquet');
    project.write(
      'in/a.jsonl',
      `${Array.from({ length: 300 }, (_, id) => line(id)).join('')}${line(300, ',"late":1')}`,
    );
    const third = (await project.run({ workers: 2 })).receipts[0];
    expect(third?.error?.code).toBe('ATLAS_DRIFT_FOUND');
    expect(third?.error?.message).toContain('"late"');
    expect(project.read('out/d.parquet').equals(before)).toBe(true);
    project.write('in/a.jsonl', line(1, ',"extra":2'));
    expect((await project.run()).receipts[0]?.outcome).toBe('published');
    project.declare([dataset({ on_drift: 'ignore' })]);
    project.write('in/a.jsonl', line(1, ',"later":1'));
    const last = (await project.run()).receipts[0];
    expect(last?.outcome).toBe('published');
    expect(last?.notes.join()).toContain('"later"');
  });
});
