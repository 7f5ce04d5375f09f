import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonlSourcePlan } from '../../src/flow/dataset-plan.ts';
import { planOf } from '../source/jsonl/plan-of.ts';
import { damagedLine, lineText } from './json-arbitraries.ts';
import { JsonDriver } from './json-drive.ts';

/** More runs: `ATLAS_RUNS=5000`. */
const RUNS = Number(process.env['ATLAS_RUNS'] ?? 150);

const LINE = { name: 'line', type: 'int64', value: '@line' };
const FEATURES = [
  ...['a int64', 'b uint64', 'c int8', 'd double', 'e real', 'f decimal(20,3)', 'g boolean', 'h string', 'i json'],
  ...['j date', 'k timestamp(us)', 'm time(us)', 'n uuid', 'o binary', 'u uint32'],
  { name: 'l', type: 'timestamptz(ms)', timezone: 'Europe/Berlin' },
  { name: 'xy', type: 'string', from: 'x.y' },
  { name: 'x', type: 'json' },
  { name: 'again', type: 'binary', from: 'h' },
  { name: 'hj', type: 'json', from: 'h' },
  { name: 'dot', type: 'int64', from: 'x\\.y' },
  { name: 'é', type: 'string' },
  LINE,
];
const STRICT = [
  { name: 'a', type: 'int32', nullable: false },
  { name: 'h', type: 'string', nullable: false },
  { name: 'xyz', type: 'decimal(9,2)', from: 'x.y.z', nullable: false, on_loss: 'round' },
  { name: 'xw', type: 'bigint', from: 'x.w', on_loss: 'null' },
  { name: 'f', type: 'decimal(12,1)', decimal_separator: ',', thousands_separator: '.', percent: 'fraction' },
  { name: 'j', type: 'date', format: '%d.%m.%Y' },
  { name: 'c', type: 'uint8', on_loss: 'truncate' },
  LINE,
];
const KEYS = [...'abcdefghijklmnou', 'x', 'x.y', 'é'];

const plans: readonly (readonly [string, JsonlSourcePlan])[] = [
  ['of every type', planOf({ path: '/x', features: FEATURES, null_values: ['NA'] })],
  ['that must not be null', planOf({ path: '/x', features: STRICT, max_depth: 3, max_row_bytes: 300 })],
];

describe.each(plans)('lines into features %s are what the slow twin makes of them', (_name, plan) => {
  const compare = async (driver: JsonDriver, lines: readonly string[], end: string, readBytes: number) => {
    const bytes = Buffer.from(lines.join(end) + (lines.length % 2 === 0 ? end : ''));
    expect(await driver.read(bytes, readBytes)).toEqual(driver.twin(bytes));
  };
  const ends = fc.constantFrom('\n', '\n', '\r\n');
  const reads = fc.constantFrom(1 << 20, 37, 5);

  it('as they should be', { timeout: 60_000 + RUNS * 100 }, async () => {
    const driver = await JsonDriver.open(plan);
    await fc.assert(
      fc.asyncProperty(fc.array(lineText(KEYS), { maxLength: 12 }), ends, reads, (lines, end, read) =>
        compare(driver, lines, end, read),
      ),
      { numRuns: RUNS },
    );
  });

  it('and damaged', { timeout: 60_000 + RUNS * 100 }, async () => {
    const driver = await JsonDriver.open(plan);
    const any = fc.oneof(damagedLine(KEYS), damagedLine(KEYS), lineText(KEYS));
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 12 }), ends, reads, (lines, end, read) =>
        compare(driver, lines, end, read),
      ),
      { numRuns: RUNS },
    );
  });
});

it('text that is no UTF-8 is refused wherever it stands', async () => {
  const driver = await JsonDriver.open(plans[0]![1]);
  const byte = fc.constantFrom(
    0x22,
    0x7b,
    0x7d,
    0x3a,
    0x61,
    0x80,
    0xbf,
    0xc2,
    0xc3,
    0xa9,
    0xe2,
    0xed,
    0xa0,
    0xf0,
    0x9f,
    0xff,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(byte, { maxLength: 40 }), async (bytes) => {
      const line = Buffer.concat([Buffer.from('{"h":"'), Buffer.from(bytes), Buffer.from('"}\n{"a":1}\n')]);
      expect(await driver.read(line)).toEqual(driver.twin(line));
    }),
    { numRuns: RUNS },
  );
});
