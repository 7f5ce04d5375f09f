import { describe, expect, test } from 'vitest';
import { parseLogicalType } from '../../../src/metadata/logical-type.ts';
import { planColumn } from '../../../src/plan/table/plan-column.ts';
import { proposeType } from '../../../src/plan/table/propose-type.ts';
import { MYSQL_TYPES, POSTGRES_TYPES, serverType } from './server-types.ts';

const SERVERS = [
  ['postgresql', POSTGRES_TYPES],
  ['mysql', MYSQL_TYPES],
] as const;

describe.each(SERVERS)('types of %s', (server, types) => {
  test.each(types.map(([type, proposed]) => [type.sql, type, proposed] as const))('%s', (_sql, type, proposed) => {
    expect(proposeType(server, type)).toBe(proposed);
    if (proposed === null) return;
    const logical = parseLogicalType(proposed);
    if ('problem' in logical) throw new Error(logical.problem);
    // what is proposed takes the column, whole
    const feature = { name: 'c', type: logical, onLoss: 'reject', timezone: 'UTC' } as const;
    expect(planColumn(server, { name: 'c', type }, feature)).toMatchObject({ serverType: type.sql });
  });
});

describe('names of the catalogue and of the standard mean the same types', () => {
  test.each([
    ['int2', 'smallint'],
    ['int4', 'integer'],
    ['int8', 'bigint'],
    ['float4', 'real'],
    ['float8', 'double precision'],
    ['bool', 'boolean'],
    ['bpchar', 'char'],
    ['character varying', 'varchar'],
    ['timestamp with time zone', 'timestamptz'],
    ['timestamp without time zone', 'timestamp'],
    ['time with time zone', 'timetz'],
  ])('%s', (name, standard) => {
    expect(proposeType('postgresql', serverType(name))).toBe(proposeType('postgresql', serverType(standard)));
    expect(proposeType('postgresql', serverType(name))).not.toBeNull();
  });

  test.each(['constructor', 'toString', '__proto__'])('%s is no type', (name) => {
    expect(proposeType('postgresql', serverType(name))).toBeNull();
    expect(proposeType('mysql', serverType(name))).toBeNull();
  });
});
