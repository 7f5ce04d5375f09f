import { expect, test } from 'vitest';
import { compareColumnTypes } from '../../../src/plan/drift/compare-column-types.ts';

const retyped = (before: string, after: string) => {
  const column = { name: 'c', nullable: true };
  return compareColumnTypes([{ ...column, type: before }], [{ ...column, type: after }]).retyped;
};

test.each([
  ['character varying(9)', 'text'],
  ['varchar(9)', 'longtext'],
  ['varbinary(9)', 'longblob'],
  ["enum('a','b')", "enum('a','b','c')"],
  ['bit varying(3)', 'bit varying'],
  // what a server shows, and a newer one does not
  ['int(11)', 'int'],
  ['bigint(20) unsigned', 'bigint unsigned'],
  ['year(4)', 'year'],
])('%s and %s are of one type', (before, after) => {
  expect(retyped(before, after)).toEqual([]);
  expect(retyped(after, before)).toEqual([]);
});

test.each([
  ['integer', 'bigint'],
  ['int(11)', 'int(11) unsigned'],
  ['numeric(9,2)', 'numeric(9,3)'],
  ['timestamp(3)', 'timestamp(6)'],
  ['character(3)', 'character(5)'],
  ['text', 'text[]'],
  ['text', 'bytea'],
  ['varchar(9)', "enum('a')"],
])('%s and %s are not', (before, after) => {
  expect(retyped(before, after)).toEqual([{ name: 'c', before, after }]);
});
