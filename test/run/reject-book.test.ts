import { describe, expect, it } from 'vitest';
import { AtlasError, type ErrorCode } from '../../src/errors.ts';
import type { DatasetPlan, RejectLimit } from '../../src/flow/dataset-plan.ts';
import type { Reject } from '../../src/flow/reject.ts';
import type { RejectBlock } from '../../src/flow/reject-block.ts';
import { FAIL_REPORT_ROWS, RejectBook } from '../../src/run/reject-book.ts';
import { RejectPacker } from '../../src/run/reject-packer.ts';

const planOf = (onError: 'fail' | 'reject', maxRejects: RejectLimit | null, wideDelimiter: string | null = null) =>
  ({ onError, maxRejects, source: { type: 'csv', wideDelimiter } }) as DatasetPlan;

function rejectOf(line: number, code: ErrorCode = 'ATLAS_CAST_SYNTAX', column: string | null = 'a'): Reject {
  const place = { file: 'x.csv', line, offset: line * 10, length: 10, column, code, reason: 'not written as int32' };
  return { ...place, raw: 'secret', rawBase64: null, truncated: false };
}

/** Rejects as a lane hands them over. */
function blockOf(...rejects: readonly Reject[]): RejectBlock {
  const packer = new RejectPacker();
  for (const reject of rejects) packer.add(reject);
  const [block, ...more] = packer.take();
  if (block === undefined || more.length > 0) throw new Error(`${rejects.length} rejects are not one block`);
  return block;
}

function thrown(action: () => void): AtlasError {
  try {
    action();
  } catch (error) {
    if (error instanceof AtlasError) return error;
  }
  throw new Error('nothing was thrown');
}

describe('on_error fail', () => {
  it('reads on to a hundred, groups them, and names the first', () => {
    const book = new RejectBook(planOf('fail', null), { failFast: false });
    const codeOf = (line: number): ErrorCode => (line % 3 === 0 ? 'ATLAS_CAST_RANGE' : 'ATLAS_CAST_SYNTAX');
    // a task that begins after six lines of its file
    for (let line = 0; book.room > 0; line += 60) {
      const block = blockOf(...Array.from({ length: 60 }, (_, i) => rejectOf(line + i, codeOf(line + i + 7))));
      book.add(block, Math.min(block.count, book.room), 6);
    }
    expect(book.total).toBe(FAIL_REPORT_ROWS);
    expect(book.taskLimit).toBe(FAIL_REPORT_ROWS);
    expect(book.byCode()).toEqual([
      { code: 'ATLAS_CAST_SYNTAX', column: 'a', count: 67 },
      { code: 'ATLAS_CAST_RANGE', column: 'a', count: 33 },
    ]);
    const error = thrown(() => book.check(1000));
    expect(error.code).toBe('ATLAS_REJECTS_FOUND');
    expect(error.message).toMatch(
      /^100 rows could not be taken \(reading stopped there\); the first: ATLAS_CAST_SYNTAX/,
    );
    expect(error.place).toEqual({ file: 'x.csv', line: 7, column: 'a' });
    expect(error.message).not.toContain('secret');
  });

  it('a column without a name is not the whole row', () => {
    const book = new RejectBook(planOf('fail', null), { failFast: false });
    book.add(blockOf(rejectOf(0, 'ATLAS_CSV_UTF8', ''), rejectOf(1, 'ATLAS_CSV_UTF8', null)), 2, 0);
    expect(book.byCode()).toEqual([
      { code: 'ATLAS_CSV_UTF8', column: '', count: 1 },
      { code: 'ATLAS_CSV_UTF8', column: null, count: 1 },
    ]);
  });

  it('does not advise to set rows aside where that is refused', () => {
    const hintOf = (wide: string | null): string => {
      const book = new RejectBook(planOf('fail', null, wide), { failFast: false });
      book.add(blockOf(rejectOf(0)), 1, 0);
      return thrown(() => book.check(1)).hint;
    };
    expect(hintOf(null)).toContain('on_error');
    expect(hintOf('||')).not.toContain('on_error');
  });

  it('stops at the first with fail fast, and bears none', () => {
    const book = new RejectBook(planOf('fail', null), { failFast: true });
    expect(() => book.check(0)).not.toThrow();
    book.add(blockOf(rejectOf(2, 'ATLAS_CSV_QUOTE_UNCLOSED', null)), 1, 0);
    expect(book.room).toBe(0);
    expect(thrown(() => book.check(1000)).place).toEqual({ file: 'x.csv', line: 3 });
  });
});

describe('on_error reject', () => {
  it('bears as many rows as it says', () => {
    const book = new RejectBook(planOf('reject', { kind: 'rows', rows: 2 }), { failFast: false });
    expect(book.taskLimit).toBe(3);
    book.add(blockOf(rejectOf(0), rejectOf(1)), 2, 0);
    expect(book.room).toBe(1);
    expect(() => book.check(2)).not.toThrow();
    book.add(blockOf(rejectOf(2)), 1, 0);
    expect(book.room).toBe(0);
    const error = thrown(() => book.check(1_000_000));
    expect(error.code).toBe('ATLAS_REJECTS_LIMIT');
    expect(error.message).toMatch(/^3 rows were rejected, max_rejects allows 2 rows/);
  });

  it('bears a share of the rows, and knows as early as can be that it is exceeded', () => {
    const book = new RejectBook(planOf('reject', { kind: 'share', share: 0.01 }), { failFast: false });
    expect(book.taskLimit).toBe(Number.POSITIVE_INFINITY);
    book.add(blockOf(rejectOf(0), rejectOf(1)), 2, 0);
    expect(() => book.check(Number.POSITIVE_INFINITY)).not.toThrow();
    expect(() => book.check(200)).not.toThrow();
    expect(thrown(() => book.check(199)).message).toMatch(/allows 1% of the rows/);
  });
});
