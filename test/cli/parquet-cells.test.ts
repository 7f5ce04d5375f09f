import type { SchemaElement } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { cellOf } from '../../src/cli/parquet-cells.ts';

const decimal: SchemaElement = { name: 'amount', converted_type: 'DECIMAL', precision: 9, scale: 2 };

describe('a cell as people see it', () => {
  it.each([
    ['INT32', -1250],
    ['INT64', -1250n],
    ['bytes', Uint8Array.of(0xfb, 0x1e)],
  ])('shows a decimal stored as %s with its scale', (_stored, value) => {
    expect(cellOf(value, decimal)).toBe('-12.50');
  });

  it('keeps what JSON numbers would lose', () => {
    const plain: SchemaElement = { name: 'x' };
    expect(cellOf(9_007_199_254_740_993n, plain)).toBe('9007199254740993');
    expect(cellOf(-0, plain)).toBe('-0');
    expect(cellOf(Number.NaN, plain)).toBe('NaN');
    expect(cellOf(undefined, plain)).toBeNull();
  });
});
