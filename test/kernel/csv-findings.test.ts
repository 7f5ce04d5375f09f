import { beforeAll, expect, it } from 'vitest';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';

// What the fuzz script found, each as small as it could be made.

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

const run = (text: string, plan: Parameters<typeof planOf>[0], chunks?: readonly number[]) =>
  driver.run(Buffer.from(text), planOf(plan), chunks);

it.each([34, null])('two short rows and a long one are not taken for right ones, quote %s', (quote) => {
  const good = 'y,z\n'.repeat(40);
  const result = run(`aaaaa\nbbbbb\nc,d,e,f\n${good}`, { quote, width: 2 });
  expect(result.rejects.map(({ offset, length, code }) => [offset, length, code])).toEqual([
    [0, 6, 'ATLAS_CSV_TOO_FEW_FIELDS'],
    [6, 6, 'ATLAS_CSV_TOO_FEW_FIELDS'],
    [12, 8, 'ATLAS_CSV_TOO_MANY_FIELDS'],
  ]);
  expect(result.rows).toEqual(Array.from({ length: 40 }, () => ['y', 'z']));
});

it('a short row at the end of a range, after a long one, does not take a field from beyond it', () => {
  const result = run(
    `${'p,q\n'.repeat(13)}${'c,d,e\n'}${'x'.repeat(60)}\n${'y,z\n'.repeat(3)}`,
    { quote: null, width: 2 },
    [64, 64, 1],
  );
  expect(result.rejects.map(({ code }) => code)).toEqual(['ATLAS_CSV_TOO_MANY_FIELDS', 'ATLAS_CSV_TOO_FEW_FIELDS']);
  expect(result.rows.length).toBe(16);
});

it('an empty field is no null where no spelling is empty, though a quoted one may be escaped', () => {
  const plan = { width: 2, escape: 92, nullValues: ['\\N'], quotedNulls: true };
  expect(run(',"\\\\N"\n', plan).rows).toEqual([['', null]]);
  const times = [fieldOf(0, 'timestamp'), fieldOf(1, 'int'), fieldOf(2, 'boolean')];
  const typed = { ...plan, width: 3, fields: times };
  expect(run(',1,t\n2024-01-01,,t\n2024-01-01,1,\n', typed).rejects.map(({ field, code }) => [field, code])).toEqual([
    [0, 'ATLAS_CAST_SYNTAX'],
    [1, 'ATLAS_CAST_SYNTAX'],
    [2, 'ATLAS_CAST_SYNTAX'],
  ]);
});
