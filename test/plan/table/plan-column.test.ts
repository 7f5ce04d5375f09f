import { describe, expect, test } from 'vitest';
import type { OnLoss } from '../../../src/flow/dataset-plan.ts';
import type { ServerType } from '../../../src/flow/table-description.ts';
import { parseLogicalType } from '../../../src/metadata/logical-type.ts';
import { planColumn } from '../../../src/plan/table/plan-column.ts';
import { serverType } from './server-types.ts';

interface Given {
  readonly server?: 'postgresql' | 'mysql';
  readonly timezone?: string;
  readonly onLoss?: OnLoss;
  readonly name?: string;
}

function plan(type: ServerType, feature: string, given: Given = {}) {
  const logical = parseLogicalType(feature);
  if ('problem' in logical) throw new Error(logical.problem);
  const { server = 'postgresql', timezone = 'UTC', onLoss = 'reject', name = 'c' } = given;
  return planColumn(server, { name, type }, { name: 'c', type: logical, onLoss, timezone });
}

const numeric = serverType('numeric', { sql: 'numeric(20,4)', precision: 20, scale: 4 });
const text = serverType('text');

describe('what PostgreSQL is asked for', () => {
  test.each([
    [serverType('bigint'), 'bigint', '"c"', { form: 'int', bytes: 8, signed: true }],
    // whether it fits is known row by row
    [serverType('bigint'), 'int32', '"c"', { form: 'int', bytes: 8, signed: true }],
    [serverType('bigint'), 'double', '"c"', { form: 'int', bytes: 8, signed: true }],
    [serverType('oid'), 'uint32', '"c"', { form: 'int', bytes: 4, signed: false }],
    [serverType('integer'), 'boolean', '"c"', { form: 'int', bytes: 4, signed: true }],
    [serverType('integer'), 'string', '"c"::text', { form: 'text' }],
    [numeric, 'decimal(38,4)', '"c"', { form: 'numeric' }],
    [serverType('numeric'), 'decimal(20,2)', '"c"', { form: 'numeric' }],
    [serverType('numeric'), 'int64', '"c"', { form: 'numeric' }],
    [serverType('numeric'), 'string', '"c"::text', { form: 'text' }],
    [serverType('money'), 'decimal(19,2)', '"c"::numeric', { form: 'numeric' }],
    [serverType('money'), 'string', '"c"::numeric::text', { form: 'text' }],
    [serverType('real'), 'double', '"c"', { form: 'float', bytes: 4 }],
    [serverType('boolean'), 'boolean', '"c"', { form: 'bool' }],
    [serverType('bytea'), 'binary', '"c"', { form: 'bytes' }],
    [serverType('bytea'), 'string', '"c"', { form: 'text' }],
    [serverType('bytea'), 'uuid', `encode("c", 'hex')`, { form: 'text' }],
    [text, 'string', '"c"', { form: 'text' }],
    [text, 'binary', '"c"', { form: 'text' }],
    [text, 'date', '"c"', { form: 'text' }],
    // blanks at the end are part of the text, and of nothing else
    [serverType('char', { sql: 'character(9)', length: 9 }), 'string', '"c"', { form: 'text' }],
    [serverType('char', { sql: 'character(9)', length: 9 }), 'int', '"c"::text', { form: 'text' }],
    [serverType('mood', { kind: 'enum' }), 'string', '"c"', { form: 'text' }],
    [serverType('jsonb'), 'json', '"c"::text', { form: 'text' }],
    [serverType('inet'), 'string', 'textin(inet_out("c"))', { form: 'text' }],
    [serverType('integer', { sql: 'integer[]', kind: 'array' }), 'json', 'to_json("c")::text', { form: 'text' }],
    [serverType('money', { kind: 'array' }), 'json', 'to_json("c"::numeric[])::text', { form: 'text' }],
    [serverType('integer', { kind: 'array' }), 'string', '"c"::text', { form: 'text' }],
    [serverType('date'), 'timestamp(us)', '"c"', { form: 'date' }],
    [serverType('timestamp'), 'timestamptz(us)', '"c"', { form: 'timestamp' }],
    [serverType('timestamptz'), 'timestamptz(ns)', '"c"', { form: 'timestamp' }],
    [serverType('bit', { length: 8 }), 'uint8', '"c"', { form: 'bits' }],
  ])('%o as %s', (type, feature, expression, wire) => {
    expect(plan(type as ServerType, feature as string)).toEqual({
      expression,
      wire,
      serverType: (type as ServerType).sql,
    });
  });

  test('a timestamp that is read in a zone comes as text', () => {
    const timezone = 'Europe/Berlin';
    const column = { expression: '"c"::text', wire: { form: 'text' } };
    expect(plan(serverType('timestamp'), 'timestamptz(us)', { timezone })).toMatchObject(column);
    expect(plan(serverType('date'), 'timestamptz(us)', { timezone })).toMatchObject(column);
    // an instant is one in every zone
    expect(plan(serverType('timestamptz'), 'timestamptz(us)', { timezone })).toMatchObject({
      wire: { form: 'timestamp' },
    });
  });

  test('any name is quoted', () => {
    const name = '"; DROP TABLE x; --';
    expect(plan(serverType('json'), 'json', { name })).toMatchObject({ expression: '"""; DROP TABLE x; --"::text' });
  });
});

describe('what MySQL is asked for', () => {
  const server = 'mysql';

  test.each([
    [serverType('tinyint'), 'int8', '`c`', { form: 'int', bytes: 1, signed: true }],
    [serverType('tinyint'), 'boolean', '`c`', { form: 'int', bytes: 1, signed: true }],
    [serverType('mediumint', { unsigned: true }), 'int32', '`c`', { form: 'int', bytes: 4, signed: false }],
    [serverType('year', { unsigned: true }), 'int16', '`c`', { form: 'int', bytes: 2, signed: false }],
    [serverType('decimal', { precision: 65, scale: 30 }), 'string', 'CAST(`c` AS CHAR)', { form: 'text' }],
    [serverType('decimal', { precision: 9, scale: 2 }), 'decimal(9,2)', '`c`', { form: 'text' }],
    [serverType('float'), 'real', '`c`', { form: 'float', bytes: 4 }],
    [serverType('float'), 'string', 'CAST(`c` + 0e0 AS CHAR)', { form: 'text' }],
    [serverType('bit', { length: 12 }), 'uint16', '`c`', { form: 'bits' }],
    [serverType('bit', { length: 12 }), 'string', "LPAD(BIN(`c`), 12, '0')", { form: 'text' }],
    [serverType('time', { precision: 6 }), 'time(us)', '`c`', { form: 'time' }],
    [serverType('time'), 'string', 'CAST(`c` AS CHAR)', { form: 'text' }],
    [serverType('datetime'), 'timestamp(s)', '`c`', { form: 'timestamp' }],
    [serverType('timestamp'), 'timestamptz(s)', '`c`', { form: 'timestamp' }],
    [serverType('varchar', { charset: 'utf8mb4' }), 'string', '`c`', { form: 'text' }],
    [serverType('varchar', { charset: 'latin1' }), 'string', '`c`', { form: 'text' }],
    [serverType('varchar', { charset: 'binary' }), 'binary', '`c`', { form: 'bytes' }],
    [serverType('longblob'), 'string', '`c`', { form: 'text' }],
    [serverType('json'), 'json', '`c`', { form: 'text' }],
    [serverType('uuid'), 'uuid', 'CAST(`c` AS CHAR)', { form: 'text' }],
    [serverType('binary', { length: 16 }), 'uuid', 'HEX(`c`)', { form: 'text' }],
  ])('%o as %s', (type, feature, expression, wire) => {
    expect(plan(type as ServerType, feature as string, { server })).toEqual({
      expression,
      wire,
      serverType: (type as ServerType).sql,
    });
  });

  test('text of which a server would make question marks is guarded', () => {
    const column = plan(serverType('varchar', { charset: 'cp1251' }), 'string', { server, name: 'a`b' });
    expect(column).toMatchObject({ wire: { form: 'text' } });
    expect('expression' in column && column.expression).toContain("BINARY X'FF', BINARY CONVERT(`a``b` USING utf8mb4)");
  });

  test('an instant is no timestamp', () => {
    expect(plan(serverType('timestamp'), 'timestamp(s)', { server })).toMatchObject({ code: 'ATLAS_DB_TYPE' });
  });
});

describe('a column that is finer than its feature', () => {
  test.each([
    [serverType('timestamp'), 'timestamp', 'Declare timestamp(us), or set on_loss.'],
    [serverType('timestamp'), 'timestamptz(ms)', 'Declare timestamptz(us), or set on_loss.'],
    [serverType('timestamp', { precision: 2 }), 'timestamp', 'Declare timestamp(ms), or set on_loss.'],
    [serverType('timestamptz'), 'timestamptz(s)', 'Declare timestamptz(us), or set on_loss.'],
    [serverType('timestamp'), 'date', 'Declare timestamp(us), or set on_loss.'],
    [serverType('time'), 'time(ms)', 'Declare time(us), or set on_loss.'],
    [numeric, 'decimal(20,2)', 'Declare decimal(20,4), or set on_loss.'],
    [numeric, 'bigint', 'Declare decimal(20,4), or set on_loss.'],
    [serverType('double precision'), 'real', 'Declare double, or set on_loss.'],
    [serverType('money'), 'int', 'Declare decimal(19,2), or set on_loss.'],
  ])('%o into %s', (type, feature, hint) => {
    const refused = plan(type as ServerType, feature as string);
    expect(refused).toMatchObject({ code: 'ATLAS_PLAN_LOSSY', hint });
    expect(plan(type as ServerType, feature as string, { onLoss: 'null' })).toHaveProperty('wire');
  });

  test('is named with both types', () => {
    expect(plan(numeric, 'decimal(20,2)', { name: 'total' })).toMatchObject({
      message: 'column "total" (feature c) is numeric(20,4), finer than decimal(20,2)',
    });
  });

  test('MySQL: a time of microseconds into one of seconds', () => {
    expect(plan(serverType('time', { precision: 6 }), 'time(s)', { server: 'mysql' })).toMatchObject({
      code: 'ATLAS_PLAN_LOSSY',
      hint: 'Declare time(us), or set on_loss.',
    });
  });
});

describe('what has nothing to do with each other', () => {
  test.each([
    [serverType('bytea'), 'date', 'Declare binary, or cast it in a query.'],
    [serverType('integer'), 'date', 'Declare int32, or cast it in a query.'],
    [serverType('integer'), 'binary', 'Declare int32, or cast it in a query.'],
    [serverType('boolean'), 'int', 'Declare boolean, or cast it in a query.'],
    [serverType('double precision'), 'decimal(9,2)', 'Declare double, or cast it in a query.'],
    [serverType('double precision'), 'bigint', 'Declare double, or cast it in a query.'],
    [serverType('jsonb'), 'int', 'Declare json, or cast it in a query.'],
    [serverType('interval'), 'time', 'Declare string, or cast it in a query.'],
    [serverType('timetz'), 'time', 'Declare string, or cast it in a query.'],
    [serverType('integer', { kind: 'array' }), 'int', 'Declare json, or cast it in a query.'],
    [serverType('uuid'), 'json', 'Declare uuid, or cast it in a query.'],
    [
      serverType('timestamptz'),
      'timestamp(us)',
      'Declare timestamptz(us), or say in a query in which zone it is to be read (AT TIME ZONE).',
    ],
    [
      serverType('timestamptz'),
      'date',
      'Declare timestamptz(us), or say in a query in which zone it is to be read (AT TIME ZONE).',
    ],
  ])('%o into %s', (type, feature, hint) => {
    expect(plan(type as ServerType, feature as string)).toMatchObject({ code: 'ATLAS_DB_TYPE', hint, column: null });
  });

  test('a type that no feature can hold is named, with what to do', () => {
    const range = serverType('int4range', { kind: 'range' });
    expect(plan(range, 'string', { name: 'span' })).toMatchObject({
      code: 'ATLAS_DB_TYPE',
      message: 'column "span" is int4range, which no feature can hold',
      hint: 'Leave it out, or select it as text in a query ("span"::text).',
    });
  });
});
