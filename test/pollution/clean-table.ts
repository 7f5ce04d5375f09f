import { FuzzDice } from '../fuzz/fuzz-dice.ts';

/** The columns of the clean table, with their types as metadata and as DuckDB names them. */
export const COLUMNS = [
  { name: 'id', type: 'int32', duck: 'INTEGER' },
  { name: 'code', type: 'string', duck: 'VARCHAR' },
  { name: 'name', type: 'string', duck: 'VARCHAR' },
  { name: 'qty', type: 'int32', duck: 'INTEGER' },
  { name: 'price', type: 'decimal(10,2)', duck: 'DECIMAL(10,2)' },
  { name: 'day', type: 'date', duck: 'DATE' },
  { name: 'remark', type: 'string', duck: 'VARCHAR' },
  { name: 'city', type: 'string', duck: 'VARCHAR' },
  { name: 'tag', type: 'string', duck: 'VARCHAR' },
] as const;

/** Column of the names: each holds a delimiter, so that it must be quoted in every row. */
export const QUOTED = 2;
/** Column that holds line breaks in some rows; the last column holds none, and is mostly empty. */
export const REMARK = 6;

const FIRST = ['Ana', 'Bo', 'Céline', 'Dmitri', 'Eve', 'Faruk', 'Grete', 'Håkon'];
const LAST = ['Møller', 'Okafor', 'Smith', 'Tanaka', 'García', "O'Neil", 'van Dam'];
const CITIES = ['Oslo', 'Porto', 'Graz', 'Łódź', 'Nice'];
const REMARKS = ['', '', 'late', 'paid in full', 'see "terms"', 'two, or three', 'first line\nsecond line', '100 % ok'];

/** Rows of mixed columns, the same for a seed; every cell as it reads, an empty one for null. */
export function cleanTable(rows: number, seed: number): readonly (readonly string[])[] {
  const dice = new FuzzDice(seed, 77);
  return Array.from({ length: rows }, (_, index) => [
    `${index + 1}`,
    `C${String(dice.roll(10_000)).padStart(5, '0')}`,
    `${dice.pick(LAST)}, ${dice.pick(FIRST)}${dice.once(3) ? ' "Junior"' : ''}`,
    dice.once(6) ? '' : `${dice.roll(500)}`,
    (dice.roll(1_000_000) / 100).toFixed(2),
    new Date(Date.UTC(2024, 0, 1 + dice.roll(700))).toISOString().slice(0, 10),
    dice.pick(REMARKS),
    dice.pick(CITIES),
    dice.once(3) ? dice.pick(['new', 'old', 'gift, wrapped']) : '',
  ]);
}
