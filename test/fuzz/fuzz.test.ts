import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFixtures } from '../source/csv/fixture.ts';
import { FuzzBed } from './fuzz-reading.ts';
import { fuzz } from './fuzz-run.ts';
import { minimise } from './minimise.ts';

let bed: FuzzBed;
beforeAll(async () => {
  bed = await FuzzBed.open();
});
afterAll(() => bed[Symbol.dispose]());

const patient = { timeout: 300_000 };

test.each([1, 20_261_121])(
  'mutated fixtures break no promise, whichever way they come in: seed %i',
  patient,
  async (seed) => {
    const report = await fuzz(bed, listFixtures(), { seed, runs: 500, most: 3 });
    const told = report.failures.map(({ index, problem, input, source }) => ({
      index,
      problem,
      input: Buffer.from(input).toString('latin1'),
      source,
    }));
    expect(told).toEqual([]);
    expect(report.inputs).toBe(500);
    expect(report.rows).toBeGreaterThan(200);
    expect(report.rejects).toBeGreaterThan(200);
    expect(report.twins).toBeGreaterThan(100);
  },
);

test('an input that fails is made as small as it can be', async () => {
  const input = Buffer.from(`${'x'.repeat(500)},"${'y'.repeat(300)}`);
  const small = await minimise(input, async (bytes) => bytes.includes(44) && bytes.includes(34));
  expect(Buffer.from(small).toString()).toBe(',"');
});
