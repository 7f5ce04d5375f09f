import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evolving, rowsOf } from './evolving.ts';
import { Project } from './project.ts';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

it('types of added columns are as sure as declared ones: what would have to be guessed is text', async () => {
  const columns: Readonly<Record<string, readonly [string, string, string]>> = {
    thousandths: ['1.234', '5.678', 'decimal'],
    grouped: ['"1,234"', '"5,678"', 'string'],
    percent: ['5%', '6%', 'string'],
    euros: ['€5', '€6', 'string'],
    code: ['007', '008', 'string'],
    word: ['yes', 'no', 'string'],
    flag: ['t', 'f', 'boolean'],
    bit: ['1', '0', 'int64'],
    exponent: ['1e5', '2', 'double'],
    iso: ['2024-01-31', '2024-02-01', 'date'],
    european: ['31/01/2024', '01/02/2024', 'string'],
    at: ['2024-01-31T10:00:00Z', '2024-02-01T10:00:00+01:00', 'timestamptz'],
    local: ['2024-01-31 10:00:00', '2024-02-01 10:00:00', 'timestamp'],
    uuid: ['123e4567-e89b-12d3-a456-426614174000', '123e4567-e89b-12d3-a456-426614174001', 'uuid'],
    missing: ['NA', '5', 'string'],
    quoted: ['""', '5', 'string'],
    huge: ['123456789012345678901', '1', 'decimal'],
  };
  using project = new Project([evolving({ source: { timezone: 'Europe/Berlin' } })]);
  const names = Object.keys(columns);
  const row = (at: 0 | 1): string => [at, ...names.map((name) => columns[name]?.[at])].join(',');
  project.write('in/1.csv', `id,${names.join(',')}\n${row(0)}\n`);
  project.write('in/2.csv', `id,${names.join(',')}\n${row(1)}\n`);
  const { error, schema } = await project.load();
  expect(error).toBeNull();
  const found = Object.fromEntries(schema.slice(1).map(({ name, type }) => [name, type.replace(/\(.*/, '')]));
  expect(found).toEqual(Object.fromEntries(names.map((name) => [name, columns[name]?.[2]])));
  expect(await rowsOf(project, 'thousandths::varchar, grouped, "at"::varchar, quoted')).toEqual([
    ['1.234', '1,234', '2024-01-31 10:00:00+00', ''],
    ['5.678', '5,678', '2024-02-01 09:00:00+00', '5'],
  ]);
});

it.each([
  ['utf-16', { encoding: 'utf-16' }, (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['latin1', { encoding: 'latin1' }, (text: string) => Buffer.from(text, 'latin1')],
  ['gzip', {}, (text: string) => gzipSync(text)],
  ['a wide delimiter', { delimiter: '||' }, (text: string) => Buffer.from(text.replaceAll(',', '||'))],
  [
    'comments and blanks',
    { comment: '#', trim: true },
    (text: string) => Buffer.from(`# 1\n${text.replaceAll(',', ' , ')}`),
  ],
  ['a trailing delimiter', { trailing_delimiter: true }, (text: string) => Buffer.from(text.replaceAll('\n', ',\n'))],
  ['skipped rows', { skip_rows: 1 }, (text: string) => Buffer.from(`of,1,2\n${text}`)],
] as const)('follows columns of files in %s', async (_how, source, bytesOf) => {
  using project = new Project([evolving({ source })]);
  project.write('in/1.csv', bytesOf('id,größe\n1,5\n'));
  project.write('in/2.csv', bytesOf('größe,straße,id\n6.5,gerade,5000000000\n'));
  const receipt = await project.load();
  expect(receipt.error).toBeNull();
  expect(receipt.columns).toEqual(['id', 'größe', 'straße']);
  expect(await rowsOf(project, 'id, größe::double, straße')).toEqual([
    ['1', 5, null],
    ['5000000000', 6.5, 'gerade'],
  ]);
  expect((await project.load()).drift?.added).toEqual([]);
});

it('whatever numbers come, none is rejected and none is changed', { timeout: 300_000 }, async () => {
  console.log(`seed ${SEED} (PROPERTY_SEED)`);
  const integers = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String);
  const small = fc.integer({ min: -200, max: 70_000 }).map(String);
  const decimals = fc
    .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 999_999 }))
    .map(([whole, part]) => `${whole}.${String(part).padStart(6, '0').replace(/0+$/, '') || '0'}`);
  const cell = fc.oneof(small, integers, decimals, fc.constant(''));
  const files = fc.array(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 3,
  });
  const exact = (text: string): string | null => {
    if (text === '') return null;
    const [whole = '', part = ''] = text.split('.');
    const plain = whole === '-0' ? (/[1-9]/.test(part) ? '-0' : '0') : whole;
    return `${plain}.${part.padEnd(6, '0')}`;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(files, { minLength: 1, maxLength: 3 }), async (runs) => {
      using project = new Project([evolving({ features: { id: 'int16' } })]);
      for (const inputs of runs) {
        for (const name of project.list('in')) rmSync(project.path(`in/${name}`));
        for (const [at, rows] of inputs.entries()) {
          const lines = rows.map(([id, tip]) => (at === 1 ? `${tip},${id}` : `${id},${tip}`));
          project.write(`in/${at}.csv`, `${at === 1 ? 'tip,id' : 'id,tip'}\n${lines.join('\n')}\n`);
        }
        const { error, schema } = await project.load();
        expect(error).toBeNull();
        const names = schema.map(({ name }) => `${name}::decimal(38,6)::varchar`);
        const wanted = inputs.flat().map((row) => row.slice(0, names.length).map(exact));
        expect(await rowsOf(project, names.join(', '))).toEqual(wanted);
      }
    }),
    {
      numRuns: 8,
      seed: SEED,
      examples: [[[[[['0', '18446744073709551616']]], [[['0', '0.000001']]]]]],
      endOnFailure: true,
    },
  );
});
