import { describe, expect, it } from 'vitest';
import { excludes } from '../../../src/plan/table/excludes.ts';

const table = { schema: 'public', name: 'tmp_orders' };

describe('tables that are left out', () => {
  it.each([
    ['public.tmp_orders', true],
    ['tmp_orders', true],
    ['public.tmp_*', true],
    ['*_orders', true],
    ['*.tmp_orders', true],
    ['public.*', true],
    ['sales.tmp_orders', false],
    ['public.tmp', false],
    ['public.TMP_ORDERS', false],
    ['public.tmp.orders', false],
    ['tmp?orders', false],
    ['tmp[_]orders', false],
  ])('%s: %s', (pattern, expected) => {
    expect(excludes([pattern], table)).toBe(expected);
  });

  it('none by no pattern', () => {
    expect(excludes([], table)).toBe(false);
  });
});
