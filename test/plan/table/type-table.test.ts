import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ServerType } from '../../../src/flow/table-description.ts';
import { proposeType } from '../../../src/plan/table/propose-type.ts';
import { MYSQL_TYPES, POSTGRES_TYPES, serverType } from './server-types.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const NUMBERS = /^(numeric|decimal|time|timestamp|timestamptz|datetime)$/;

/** `numeric(12,2)`, `bigint unsigned`, `text[]` as a description would hold it. */
function parse(text: string): ServerType {
  const [, name = '', first, second, unsigned, array] =
    /^([a-z][a-z0-9 ]*?)(?:\((\d+)(?:,(-?\d+))?\))?( unsigned)?(\[\])?$/.exec(text) ?? [];
  const number = first === undefined ? null : Number(first);
  const sizes = NUMBERS.test(name) ? { precision: number, scale: Number(second ?? 0) } : { length: number };
  const kind = array === undefined ? 'base' : 'array';
  return serverType(name, { sql: text, kind, unsigned: unsigned !== undefined, ...(first === undefined ? {} : sizes) });
}

/** The rows of the table of a server: types and what they become. */
function rowsOf(server: string): readonly (readonly [types: readonly string[], feature: string])[] {
  const lines = README.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${server} `));
  const rows = lines.slice(head + 2, lines.indexOf('', head));
  return rows.map((row) => {
    const [, types = '', feature = ''] = row.split('|');
    return [[...types.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text), feature.trim().replaceAll('`', '')];
  });
}

describe.each([
  ['PostgreSQL', 'postgresql', POSTGRES_TYPES],
  ['MySQL, MariaDB', 'mysql', MYSQL_TYPES],
] as const)('the table of types of %s in the README', (name, server, known) => {
  const rows = rowsOf(name);

  test.each(rows.flatMap(([types, feature]) => types.map((type) => [type, feature] as const)))(
    '%s is %s',
    (type, feature) => {
      expect(proposeType(server, parse(type)) ?? 'refused').toBe(feature);
    },
  );

  test('tells of every type', () => {
    const told = new Set(rows.flatMap(([types]) => types.map((type) => parse(type).name.replace('character', 'char'))));
    const all = known.filter(([{ kind }, proposed]) => kind === 'base' && proposed !== null).map(([type]) => type.name);
    expect(all.filter((each) => !told.has(each))).toEqual([]);
  });
});
