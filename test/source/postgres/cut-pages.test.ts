import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutPages, pageConditions } from '../../../src/source/postgres/survey/cut-pages.ts';

it('parts pages of one table evenly', () => {
  expect(cutPages([10], 4)).toEqual([0, 4, 8]);
  expect(cutPages([8], 4)).toEqual([0, 4]);
  expect(cutPages([3], 100)).toEqual([0]);
  expect(cutPages([], 4)).toEqual([0]);
  expect(cutPages([0], 4)).toEqual([0]);
});

it('parts partitions that are read side by side', () => {
  // four pages of both are eight, then only the longer goes on
  expect(cutPages([4, 12], 8)).toEqual([0, 4]);
  expect(cutPages([4, 13], 8)).toEqual([0, 4, 12]);
});

it('writes conditions that each page meets once, the last without an end', () => {
  expect(pageConditions([0])).toEqual([null]);
  expect(pageConditions([0, 4, 8])).toEqual([
    "ctid >= '(0,0)'::tid AND ctid < '(4,0)'::tid",
    "ctid >= '(4,0)'::tid AND ctid < '(8,0)'::tid",
    "ctid >= '(8,0)'::tid",
  ]);
});

it('keeps ranges in order, none empty, each with about as many pages', () => {
  const tables = fc.array(fc.nat(300), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(tables, fc.integer({ min: 1, max: 400 }), (pages, least) => {
      const begins = cutPages(pages, least);
      const end = Math.max(...pages);
      expect(begins[0]).toBe(0);
      const held = begins.map((begin, index) => {
        const next = begins[index + 1] ?? end;
        if (end > 0) expect(next).toBeGreaterThan(begin);
        return pages.reduce((sum, each) => sum + Math.max(0, Math.min(each, next) - begin), 0);
      });
      expect(held.reduce((sum, each) => sum + each, 0)).toBe(pages.reduce((sum, each) => sum + each, 0));
      for (const each of held.slice(0, -1)) {
        expect(each).toBeGreaterThanOrEqual(least);
        expect(each).toBeLessThan(least + pages.length);
      }
    }),
  );
});
