import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Driver, openParser, planOf } from './csv-drive.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

/** Rows of a strict peer, or null where it refuses the input as a whole. */
function peer(input: Buffer, delimiter: string): readonly (readonly string[])[] | null {
  try {
    return parse(input, { delimiter, record_delimiter: ['\r\n', '\n'], skip_empty_lines: true, encoding: 'latin1' });
  } catch {
    return null;
  }
}

/**
 * Where csv-parse takes a whole input, so do we, with the same fields. Left out of the inputs, because it reads them otherwise: a CR
 * without an LF outside quotes (it is text to csv-parse, damage to us), and a quote inside an unquoted field (the same).
 */
describe('the kernel and csv-parse', () => {
  it.each([
    { delimiter: ',', width: 2 },
    { delimiter: '\t', width: 3 },
  ])('agree where csv-parse takes the whole of it: $width columns', ({ delimiter, width }) => {
    const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\\', '1', '\xe9'), maxLength: 40 });
    const inside = fc.string({ unit: fc.constantFrom('a', '""', delimiter, '\n', '\r', '\r\n', ' '), maxLength: 40 });
    const cell = fc.oneof(
      plain,
      inside.map((text) => `"${text}"`),
    );
    const row = fc.array(cell, { minLength: width, maxLength: width }).map((cells) => cells.join(delimiter));
    const noise = fc.oneof(
      { weight: 12, arbitrary: row },
      fc.constantFrom('', '"', `a${delimiter}`, `"a"b${delimiter}c`, '""'),
    );
    let taken = 0;
    fc.assert(
      fc.property(
        fc.array(noise, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, end, last) => {
          const input = Buffer.from(rows.join(end) + (last ? end : ''), 'latin1');
          const expected = peer(input, delimiter);
          if (expected === null || expected.some((fields) => fields.length !== width)) return;
          taken += expected.length;
          const plan = planOf({ width, delimiter: delimiter.charCodeAt(0), nullValues: [] });
          const binary = {
            ...plan,
            fields: plan.fields.map((field) => ({
              ...field,
              field: { ...field.field, type: { kind: 'binary' } as const },
            })),
          };
          const { rows: ours, rejects } = driver.run(input, binary);
          expect(rejects).toEqual([]);
          expect(ours).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(1000);
  });
});
