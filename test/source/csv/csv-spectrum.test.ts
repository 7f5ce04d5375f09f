import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { readSource, sumOf } from '../../conformance/source/read-source.ts';
import { planOf } from './plan-of.ts';

const home = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));
const names = readdirSync(join(home, 'csvs')).map((name) => name.replace(/\.csv$/, ''));

/**
 * Quotes stand inside an unquoted field (`37.8"N`): a reject, unless the file is said not to quote. The package's JSON of this file
 * is no list, and has another phone number than its CSV.
 */
const STRAY_QUOTES = 'location_coordinates';

async function read(name: string, dialect: object) {
  const path = join(home, 'csvs', `${name}.csv`);
  const json = JSON.parse(readFileSync(join(home, 'json', `${name}.json`), 'utf8')) as Record<string, string>[];
  const wanted = Array.isArray(json) ? json : [json];
  const features = Object.keys(wanted[0] ?? {}).map((key) => ({ name: key, type: 'string' }));
  const plan = planOf({ path, features, null_values: [], ...dialect });
  await using source = await openCsvSource(plan, { reserve: 0, loadedAt: 0n, debug: true });
  const reading = await readSource(source);
  expect(sumOf(reading.spans)).toBe(readFileSync(path).length);
  const rows = reading.rows.map((row) => Object.fromEntries(features.map((feature, i) => [feature.name, row[i]])));
  return { wanted, rows, rejects: reading.rejects };
}

describe('csv-spectrum', () => {
  test('is there', () => expect(names.length).toBe(12));

  test.each(names.filter((name) => name !== STRAY_QUOTES))('%s', async (name) => {
    const { wanted, rows, rejects } = await read(name, {});
    expect(rejects).toEqual([]);
    expect(rows).toEqual(wanted);
  });

  test(STRAY_QUOTES, async () => {
    const { rows, rejects } = await read(STRAY_QUOTES, {});
    expect(rows).toEqual([]);
    expect(rejects).toMatchObject([{ code: 'ATLAS_CSV_QUOTE_STRAY', line: 1 }]);
    const unquoted = await read(STRAY_QUOTES, { quote: null });
    expect(unquoted.rejects).toEqual([]);
    const { 'Contact Phone Number': number, ...rest } = unquoted.wanted[0] ?? {};
    expect(number).toBe('1234567890');
    expect(unquoted.rows).toEqual([{ 'Contact Phone Number': '2095257564', ...rest }]);
  });
});
