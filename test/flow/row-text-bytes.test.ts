import { expect, it } from 'vitest';
import { rowTextBytes } from '../../src/flow/row-text-bytes.ts';
import { planOf as csvPlanOf } from '../source/csv/plan-of.ts';
import { planOf } from '../source/jsonl/plan-of.ts';

const text = (from: string, type = 'string') => ({ name: `${from} ${type}`, from, type });

it('counts what several features take once for each', () => {
  const bytes = (features: readonly object[]): number =>
    rowTextBytes(planOf({ path: '/x', max_row_bytes: 1000, features: features as never }));
  expect(bytes([text('a'), text('b'), text('c', 'bigint')])).toBe(1000);
  expect(bytes([text('a', 'json'), text('a.b'), text('a.b', 'json'), text('a.c')])).toBe(3000);
  expect(bytes([text('a\\.b'), text('a')])).toBe(1000);
  const twice = csvPlanOf({ path: '/x', max_row_bytes: 1000, features: [text('a'), text('a', 'binary'), text('b')] });
  expect(rowTextBytes(twice)).toBe(2000);
});
