import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Account, account } from '../../src/run/account.ts';

const rows = { read: 10, published: 6, rejected: 2, deduplicated: 1, excluded: 1 };
const spans = { header: 5, skipped: 1, blank: 2, comment: 3, row: 80, reject: 9 };
const balanced: Account = { rows, staged: 6, spans, bytes: 100 };

describe('account', () => {
  it('passes what balances', () => {
    account(balanced);
    account({ ...balanced, spans: null, bytes: null });
    account({ ...balanced, bytes: null });
    account({ ...balanced, counted: 10 });
  });

  it.each([
    ['a row that was read and went nowhere', { rows: { ...rows, read: 11 } }, /11 rows were read, .* are 10/],
    ['a row that came from nowhere', { rows: { ...rows, published: 7 }, staged: 7 }, /10 rows were read, .* are 11/],
    ['a staged file that holds fewer', { staged: 5 }, /6 rows were to be published, but the staged files hold 5/],
    ['a byte that no span covers', { bytes: 101 }, /101 bytes were read, but the spans cover 100/],
    ['an input of which nothing was read', { spans: null }, /100 bytes were read, but the spans cover 0/],
    ['a byte that two spans cover', { bytes: 99 }, /99 bytes were read, but the spans cover 100/],
    ['rows that its server counts otherwise', { counted: 11 }, /10 rows were read, but the server counts 11/],
    ['a counter below nothing', { rows: { ...rows, read: 6, rejected: -2 } }, /counter of rejected stands at -2/],
    ['a counter that is no number', { spans: { ...spans, row: Number.NaN } }, /counter of row stands at NaN/],
  ])('fails for %s', (_name, changes, message) => {
    const check = () => account({ ...balanced, ...changes });
    expect(check).toThrow(message);
    expect(check).toThrow(expect.objectContaining({ code: 'ATLAS_ROWS_UNACCOUNTED' }));
  });

  it('passes exactly what balances, whatever the numbers', () => {
    const count = fc.nat(5);
    const counts = fc.record({ read: count, published: count, rejected: count, deduplicated: count, excluded: count });
    fc.assert(
      fc.property(counts, count, (rows, staged) => {
        const sum = rows.published + rows.rejected + rows.deduplicated + rows.excluded;
        const check = () => account({ rows, staged, spans: null, bytes: null });
        if (rows.read === sum && staged === rows.published) check();
        else expect(check).toThrow();
      }),
      { verbose: true },
    );
  });
});
