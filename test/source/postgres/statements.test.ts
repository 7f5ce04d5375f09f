import { expect, it } from 'vitest';
import type { PostgresSourcePlan } from '../../../src/flow/dataset-plan.ts';
import { matchPassword } from '../../../src/source/postgres/connection/password-file.ts';
import { locateInDocument } from '../../../src/source/postgres/connection/sent-statement.ts';
import { socketCode } from '../../../src/source/postgres/connection/socket-code.ts';
import { keyLiteral } from '../../../src/source/postgres/read/key-literal.ts';
import { selectSql } from '../../../src/source/postgres/read/select-sql.ts';
import { quantiles } from '../../../src/source/postgres/survey/cut-keys.ts';

const plan = {
  type: 'postgresql',
  relation: { schema: 'a', name: 'b"c' },
  query: null,
  where: null,
  columns: [{ expression: '"x"', wire: { form: 'text' }, serverType: 'text' }, null],
  incremental: null,
} as unknown as PostgresSourcePlan;
const incremental = {
  ...{ column: 'at', serverType: 'timestamp(3) without time zone', kind: 'timestamp' as const },
  ...{ initial: null, lag: null, nulls: 'include' as const },
};

it('selects from a table with everything that narrows it', () => {
  expect(selectSql(plan, {}).sql).toBe('SELECT "x" FROM "a"."b""c"');
  const where = { pieces: ['n > ', ' -- or not'], values: ['5'] };
  const range = { from: "2020-01-01 00:00:00'", fromInclusive: false, to: null, toInclusive: true, nulls: true };
  const built = selectSql({ ...plan, where, incremental, range }, { condition: 'z' }, 'COPY (', ')');
  expect(built.sql).toBe(
    `COPY (SELECT "x" FROM "a"."b""c" WHERE (\nn > $1 -- or not\n) AND ("at" > '2020-01-01 00:00:00'''::timestamp without time zone OR "at" IS NULL) AND (z))`,
  );
  expect(built.values).toEqual(['5']);
});

it('tells where in the document a position of the server is', () => {
  const query = { pieces: ['SELECT ä,\n  b FROM c WHERE d > ', ' AND\n e'], values: ['1'] };
  const built = selectSql({ ...plan, relation: null, query }, {}, 'EXPLAIN ');
  const at = (text: string) => locateInDocument(built, [...built.sql.slice(0, built.sql.indexOf(text))].length + 1);
  expect(at('ä')).toBe('query, line 1, column 8');
  expect(at('b FROM')).toBe('query, line 2, column 3');
  expect(at('AND\n')).toBe('query, line 2');
  expect(at('e\n)')).toBe('query, line 3, column 2');
  expect(at('"x"')).toBeNull();
});

it('writes bounds as the type with which the column is compared', () => {
  expect(keyLiteral('5', 'smallint')).toBe("'5'::bigint");
  expect(keyLiteral('1.005', 'numeric(12,2)')).toBe("'1.005'::numeric");
  expect(keyLiteral("x'y", 'uuid')).toBe("'x''y'::uuid");
  expect(keyLiteral('2020-01-01', 'timestamp(0) with time zone')).toBe("'2020-01-01'::timestamp with time zone");
  expect(() => keyLiteral('x', 'text')).toThrow('no range is bounded by a text');
  expect(() => keyLiteral("\\'", 'bigint')).toThrow('holds a character');
});

it('parts sorted values, and repeats none', () => {
  const sorted = Array.from({ length: 100 }, (_, index) => String(index));
  expect(quantiles(sorted, 4)).toEqual(['25', '50', '75']);
  expect(quantiles(['a', 'a', 'a', 'b', 'b', 'c'], 6)).toEqual(['b', 'c']);
  expect(quantiles([], 4)).toEqual([]);
});

it('finds passwords as libpq does', () => {
  const key = { host: 'db', port: 5432, database: 'shop', user: 'etl' };
  const file = ['# db:5432:shop:etl:no', 'db:5433:*:*:no', 'short:line', 'db:*:sh\\op:etl:a\\:b:c\\\\', '*:*:*:*:last'];
  expect(matchPassword(file.join('\r\n'), key)).toBe('a:b:c\\');
  expect(matchPassword(file.join('\n'), { ...key, user: 'other' })).toBe('last');
  expect(matchPassword('localhost:*:*:*:socket', { ...key, host: '/run/postgresql' })).toBe('socket');
  expect(matchPassword('', key)).toBeNull();
});

it('tells what an error of a socket means', () => {
  const code = (about: object) => socketCode(Object.assign(new Error('x'), about)).code;
  expect(code({ code: 'ECONNREFUSED' })).toBe('ATLAS_DB_UNREACHABLE');
  expect(code({ errors: [{ code: 'EHOSTUNREACH' }, { code: 'ECONNREFUSED' }] })).toBe('ATLAS_DB_UNREACHABLE');
  expect(code({ code: 'ETIMEDOUT' })).toBe('ATLAS_DB_TIMEOUT');
  expect(code({ code: 'CERT_HAS_EXPIRED' })).toBe('ATLAS_DB_TLS');
  expect(code({ code: 'ECONNRESET' })).toBe('ATLAS_DB_LOST');
  expect(code({ message: 'SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match' })).toBe('ATLAS_DB_AUTH');
});
