import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Encoder } from '../../src/flow/encoder.ts';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { Delivery } from '../../src/flow/source.ts';
import { BoundedCutter } from '../../src/run/group-cutter.ts';

type Batch = Delivery['batch'];

/** A batch that is nothing but the weights of its rows. */
function batchOf(weights: readonly number[], closesGroup: boolean): Batch {
  const fake = { rows: weights.length, weights, closesGroup, release: () => {} };
  return fake as unknown as Batch;
}

const weightsOf = (batch: Batch): readonly number[] => (batch as unknown as { weights: number[] }).weights;
const sum = (weights: readonly number[]): number => weights.reduce((total, each) => total + each, 0);

class FakeEncoder implements Encoder {
  taken: number[] = [];
  get rows(): number {
    return this.taken.length;
  }
  get rawBytes(): number {
    return sum(this.taken);
  }
  measure(batch: Batch, from: number, to: number): number {
    return sum(weightsOf(batch).slice(from, to));
  }
  append(batch: Batch, from: number, to: number): void {
    this.taken.push(...weightsOf(batch).slice(from, to));
  }
  finish(): Fragment | null {
    const { rows, rawBytes } = this;
    const facts = this.taken;
    this.taken = [];
    return rows === 0 ? null : { rows, rawBytes, bytes: new Uint8Array(0), partition: null, facts };
  }
  [Symbol.dispose](): void {}
}

const batches = fc.array(
  fc.record({ weights: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }), closesGroup: fc.boolean() }),
  { maxLength: 8 },
);

it('keeps every row in order, and both bounds, but for a row that alone is too heavy', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 200 }), (input, rows, bytes) => {
      const cutter = new BoundedCutter(new FakeEncoder(), { rows, bytes });
      const groups: (readonly number[])[] = [];
      for (const { weights, closesGroup } of input) {
        for (const { facts } of cutter.add(batchOf(weights, closesGroup), weights.length))
          groups.push(facts as number[]);
      }
      for (const { facts } of cutter.finish()) groups.push(facts as number[]);
      expect(groups.flat()).toEqual(input.flatMap(({ weights }) => weights));
      for (const group of groups) {
        expect(group.length).toBeGreaterThan(0);
        expect(group.length).toBeLessThanOrEqual(rows);
        if (group.length > 1) expect(sum(group)).toBeLessThanOrEqual(bytes);
      }
      let at = 0;
      const ends = new Set(groups.map((group) => (at += group.length)));
      let before = 0;
      for (const { weights, closesGroup } of input) {
        before += weights.length;
        if (closesGroup && before > 0) expect(ends.has(before)).toBe(true);
      }
    }),
  );
});

it('fills a group as far as it goes', () => {
  const cutter = new BoundedCutter(new FakeEncoder(), { rows: 100, bytes: 10 });
  const groups = [...cutter.add(batchOf([4, 4, 4, 20, 1], false), 5), ...cutter.finish()];
  expect(groups.map(({ facts }) => facts)).toEqual([[4, 4], [4], [20], [1]]);
});

it('takes the first rows of a batch only, and forgets what an abandoned task left', () => {
  const cutter = new BoundedCutter(new FakeEncoder(), { rows: 100, bytes: 100 });
  expect([...cutter.add(batchOf([1, 2, 3], false), 2)]).toEqual([]);
  cutter.reset();
  expect([...cutter.finish()]).toEqual([]);
});
