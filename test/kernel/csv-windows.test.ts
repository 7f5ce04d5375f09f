import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { twinParse } from './csv-twin.ts';
import { readValue } from './read-value.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

/** Puts text at the start of the window and parses a range of it. */
function parse(text: string, to: number, options: { final?: boolean; limit?: number; from?: number } = {}) {
  const { final = false, limit = Number.MAX_SAFE_INTEGER, from = 0 } = options;
  driver.kernel.bytes.set(Buffer.from(text, 'latin1'), driver.parser.window);
  return driver.parser.parse(from, to, { final, limit, lineBase: 1 });
}

describe('where a call stops', () => {
  it('starves where the next record does not end in the range', () => {
    driver.parser.configure(planOf({ width: 2 }));
    expect(parse('a,b\nc,d\n', 6)).toMatchObject({ consumed: 4, rows: 1, stop: 'starved', lines: 1 });
    expect(parse('a,b\nc,d\n', 8)).toMatchObject({ consumed: 8, rows: 2, stop: 'starved' });
    expect(parse('a,b\nc,d\n', 8, { final: true })).toMatchObject({ consumed: 8, rows: 2, stop: 'end' });
    expect(parse('', 0, { final: true })).toMatchObject({ consumed: 0, rows: 0, stop: 'end' });
    expect(parse('', 0)).toMatchObject({ consumed: 0, rows: 0, stop: 'starved' });
  });

  it('waits for the byte that decides: a closing quote, a CR', () => {
    driver.parser.configure(planOf({ width: 2 }));
    expect(parse('a,"b"', 5)).toMatchObject({ consumed: 0, stop: 'starved' });
    expect(parse('a,b\r', 4)).toMatchObject({ consumed: 0, stop: 'starved' });
    driver.parser.configure(planOf({ width: 2, newline: 'cr' }));
    expect(parse('a,b\r', 4)).toMatchObject({ consumed: 0, stop: 'starved' });
    expect(parse('a,b\rc', 5)).toMatchObject({ consumed: 4, rows: 1, stop: 'starved' });
  });

  it('starts no span at or after the limit', () => {
    driver.parser.configure(planOf({ width: 2 }));
    const text = 'a,b\nc,d\n\nx\ne,f\n';
    expect(parse(text, 16, { limit: 4 })).toMatchObject({ consumed: 4, rows: 1, stop: 'limit' });
    expect(parse(text, 16, { limit: 5 })).toMatchObject({ consumed: 8, rows: 2, stop: 'limit' });
    expect(parse(text, 16, { limit: 9 })).toMatchObject({ consumed: 9, rows: 2, blankBytes: 1, stop: 'limit' });
    expect(parse(text, 16, { limit: 10 })).toMatchObject({ consumed: 11, rows: 2, rejectBytes: 2, stop: 'limit' });
    expect(parse(text, 16, { limit: 0 })).toMatchObject({ consumed: 0, stop: 'limit' });
    const long = 'a,b\n'.repeat(1000);
    for (const limit of [1, 63, 64, 65, 400, 1999]) {
      expect(parse(long, long.length, { limit })).toMatchObject({ consumed: Math.ceil(limit / 4) * 4, stop: 'limit' });
    }
  });

  it('goes on with a rejected line that is longer than the range, past any limit', () => {
    driver.parser.configure(planOf({ width: 2, maxRowBytes: 64 }));
    const first = parse('x'.repeat(100), 100);
    expect(first).toMatchObject({ consumed: 100, rows: 0, stop: 'starved' });
    expect(first.rejects).toMatchObject([
      { length: 100, continues: true, continued: false, code: 'ATLAS_CSV_ROW_TOO_LONG' },
    ]);
    const second = parse('y'.repeat(50), 50, { limit: 0 });
    expect(second.rejects).toMatchObject([
      { length: 50, continues: true, continued: true, code: 'ATLAS_CSV_ROW_TOO_LONG' },
    ]);
    const third = parse('z\na,b\n', 6, { limit: 1 });
    expect(third).toMatchObject({ consumed: 2, rows: 0, lines: 1, stop: 'limit' });
    expect(third.rejects).toMatchObject([{ length: 2, continues: false, continued: true }]);
    expect(parse('a,b\n', 4, { final: true })).toMatchObject({ consumed: 4, rows: 1, stop: 'end' });
    parse('x'.repeat(100), 100);
    expect(parse('', 0, { final: true })).toMatchObject({ consumed: 0, stop: 'end' });
  });

  it('forgets a rejected line when it is configured anew', () => {
    driver.parser.configure(planOf({ width: 2, maxRowBytes: 64 }));
    parse('x'.repeat(100), 100);
    driver.parser.configure(planOf({ width: 2, maxRowBytes: 64 }));
    expect(parse('a,b\n', 4).rows).toBe(1);
  });

  it('hands out batches that are bounded in rows, text and rejects', () => {
    driver.parser.configure(planOf({ width: 1 }));
    const many = 'a\n'.repeat(100_000);
    const outcome = parse(many, many.length);
    expect(outcome).toMatchObject({ rows: 8192, consumed: 16_384, stop: 'full' });
    driver.parser.configure(planOf({ width: 2 }));
    const bad = parse(many, many.length);
    expect(bad).toMatchObject({ rows: 0, stop: 'full' });
    expect(bad.rejects.length).toBe(8192);
    const wide = `${'x'.repeat(4000)},y\n`.repeat(250);
    const text = parse(wide, wide.length);
    expect(text.stop).toBe('full');
    expect(text.rowBytes).toBeLessThan(600_000);
  });

  it('reads nothing into bytes behind the range', () => {
    const text = 'a,b\n1,"x"';
    for (const after of ['"', '\n', '\r\n', ',', 'y', '""']) {
      driver.parser.configure(planOf({ width: 2 }));
      const outcome = parse(text + after, text.length, { final: true });
      expect(outcome).toMatchObject({ rows: 2, consumed: text.length, stop: 'end' });
      expect(readValue(driver.kernel, outcome.columns[1]!, { kind: 'string' }, 1)).toBe('x');
    }
  });
});

describe('many batches', () => {
  it('agree with the twin over several batches, with bad rows and long fields', () => {
    const cell = fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('1', '22', '-333', '4444') },
      { weight: 1, arbitrary: fc.constantFrom('x', '', '"5"', '"6', '7"', '8,9', '\n') },
    );
    const text = fc.constantFrom('short', '"quoted, with ""quotes"""', 'x'.repeat(300), '', 'é', '"multi\nline"');
    const row = fc.tuple(cell, text).map((cells) => cells.join(','));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 50, maxLength: 200 }),
        fc.integer({ min: 50, max: 150 }),
        (rows, times) => {
          const input = Buffer.from(`${rows.join('\n')}\n`.repeat(times));
          const plan = planOf({
            width: 2,
            fields: [
              fieldOf(1, 'string', { nullable: false }),
              fieldOf(0, 'int'),
              fieldOf(null, 'int', { constant: { kind: 'line' } }),
            ],
          });
          const spans = twinParse(input, plan);
          const result = driver.run(input, plan, [300_000, 1000, 1 << 20]);
          expect(result.rejects).toEqual(spans.filter((span) => span.kind === 'reject'));
          expect(result.rows).toEqual(spans.flatMap((span) => (span.kind === 'row' ? [span.values] : [])));
        },
      ),
      { numRuns: 4 },
    );
  });

  it('makes every row bad without losing its way', () => {
    const input = Buffer.from('x,1\n'.repeat(40_000));
    const result = driver.run(input, planOf({ width: 2, fields: [fieldOf(0, 'int'), fieldOf(1, 'string')] }));
    expect(result.rows).toEqual([]);
    expect(result.rejects.length).toBe(40_000);
    expect(result.rejects.at(-1)).toMatchObject({ offset: 159_996, line: 39_999 });
  });
});
