import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlaceList } from '../../../src/source/csv/encoding/place-list.ts';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

it('finds the first line that repeats a place, however many there are and in any order', () => {
  console.log(`seed ${SEED} (PROPERTY_SEED)`);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 300 }), (offsets) => {
      const list = new PlaceList();
      const before = new Map<number, number>();
      let wanted: { readonly line: number; readonly before: number } | null = null;
      for (const [index, offset] of offsets.entries()) {
        const line = 2 * index + 1;
        list.add(offset, line);
        const earlier = before.get(offset);
        if (earlier !== undefined) wanted ??= { line, before: earlier };
        before.set(offset, line);
      }
      expect(list.repeated()).toEqual(wanted);
    }),
    { seed: SEED, numRuns: 300 },
  );
});
