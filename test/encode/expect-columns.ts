import { expect } from 'vitest';
import type { Schema } from '../../src/batch/schema.ts';
import type { Cell } from './build-batch.ts';

function same(a: Cell | undefined, b: Cell | undefined): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(a, b);
}

/** Every cell is the same one, -0 and NaN included; names the first that is not. */
export function expectColumns(
  schema: Schema,
  actual: readonly (readonly Cell[])[],
  expected: readonly (readonly Cell[])[],
): void {
  for (const [index, field] of schema.fields.entries()) {
    const read = actual[index] ?? [];
    const wanted = expected[index] ?? [];
    expect(read.length, field.name).toBe(wanted.length);
    const wrong = wanted.findIndex((cell, row) => !same(cell, read[row]));
    if (wrong >= 0) expect(read[wrong], `${field.name}, row ${wrong}`).toEqual(wanted[wrong]);
    expect(wrong, field.name).toBe(-1);
  }
}
