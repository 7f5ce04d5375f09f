import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/plan/hash-plan.ts';
import { type Parts, planned } from './planned.ts';

const hash = (parts: Parts = {}): string => planned(parts).hash;

describe('the hash of a plan', () => {
  it('is SHA-256, and known: a change here makes every receipt look changed', () => {
    expect(hash()).toMatch(/^[0-9a-f]{64}$/);
    expect(hash()).toBe('753c3be2c15094e856d77845526111ea43b925cb3d2c9877b83f72f740b9e171');
  });

  it('is the same wherever the project, its output and its rejects rest', () => {
    expect(hash({ root: '/elsewhere' })).toBe(hash());
    expect(hash({ destination: { path: '/tmp/x.parquet' } })).toBe(hash());
    const rejects = (path: string, max: number) =>
      hash({ dataset: { on_error: 'reject', max_rejects: max, rejects: path } });
    expect(rejects('x.jsonl', 1)).toBe(rejects('y.jsonl', 2));
  });

  const features = (more: object) => ({ source: { features: [{ name: 'x', type: 'int', ...more }] } });
  it.each<readonly [string, Parts]>([
    ['input', { source: { path: 'in/b.csv' } }],
    ['delimiter', { source: { delimiter: ';' } }],
    ['null values', { source: { null_values: ['NA'] } }],
    ['slices', { source: { slice_bytes: 1000 } }],
    ['type', features({ type: 'int32' })],
    ['nullable', features({ nullable: false })],
    ['loss', features({ on_loss: 'round' })],
    ['name', features({ name: 'y', from: 'x' })],
    ['codec', { destination: { compression: 'zstd' } }],
    ['row groups', { destination: { row_group_rows: 10 } }],
    ['pages', { destination: { page_bytes: 100 } }],
    ['bad rows', { dataset: { on_error: 'reject', max_rejects: 1 } }],
    ['name of the dataset', { dataset: { name: 'b' } }],
  ])('changes with %s', (_what, parts) => {
    expect(hash(parts)).not.toBe(hash());
  });
});

it('canonical JSON: the order of keys does not count, that of items does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson([2, 1])).toBe('[2,1]');
});
