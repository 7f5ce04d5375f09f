import { describe, expect, it } from 'vitest';
import { safeTableName } from '../../../src/plan/table/safe-table-name.ts';

describe("a table's name in a path", () => {
  it.each([
    ['orders', 'orders'],
    ['Größe_2', 'Größe_2'],
    ['../../etc/passwd', '%2E%2E%2F%2E%2E%2Fetc%2Fpasswd'],
    ['.hidden', '%2Ehidden'],
    ['_atlas', '%5Fatlas'],
    ['a%2Fb', 'a%252Fb'],
    ['a/b', 'a%2Fb'],
    ['a\\b:c*', 'a%5Cb%3Ac%2A'],
    ['; DROP TABLE x; --', '%3B%20DROP%20TABLE%20x%3B%20--'],
  ])('%j', (name, expected) => {
    expect(safeTableName(name)).toBe(expected);
  });
});
