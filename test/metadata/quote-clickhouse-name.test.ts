import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { clickhouseNameProblem, quoteClickhouseName } from '../../src/metadata/quote-clickhouse-name.ts';
import { askClickhouse } from '../services/clickhouse/ask-clickhouse.ts';
import { describeWithClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../services/clickhouse/make-clickhouse-database.ts';

/** Texts that have been read as something else than a name. */
const HOSTILE = [
  ...[
    'a b',
    '`',
    '``',
    '\\',
    '\\\\',
    '\\`',
    '`\\',
    'a`b\\c',
    '\\n',
    "\\'",
    '"',
    '""',
    "'",
    "''",
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\b',
    '\f',
    '\v',
  ],
  ...[
    '\x01',
    '\x1b[31m',
    '\x7f',
    ' ',
    '  a ',
    '.',
    '..',
    'a.b',
    'a.b.c',
    '/',
    '../../etc',
    '%',
    '%41',
    '%2e%2e',
    '--',
    '-- x',
    '/*',
    '*/',
    ';',
  ],
  ...[
    '; DROP TABLE t',
    '`; DROP TABLE t; --',
    '\\`; DROP TABLE t; --',
    '$',
    '$$',
    '{',
    '}',
    '{a:String}',
    '{table}',
    '#',
    '?',
    '@',
    '&',
    '|',
    '<',
    '>',
  ],
  ...[
    'SELECT',
    'null',
    'NaN',
    'true',
    'table',
    'FROM',
    'default',
    '_part',
    '_partition_id',
    '_atlas',
    '1',
    '1e5',
    '0x1',
    '-',
    '-1',
    '*',
    '()',
    'a(b)',
  ],
  ...[
    '😀',
    '👩‍👩‍👧‍👦',
    '\u{10ffff}',
    'עברית',
    '\u202eabc',
    '\u200e',
    '\u200b',
    '\ufeff',
    '\u2028',
    '\u0085',
    'é',
    'e\u0301',
    'İ',
    'ß',
    'ﬀ',
    '\uffff',
    '日本語',
  ],
  ...[
    'CON',
    'nul',
    'a:b',
    'tmp_',
    '.inner.x',
    '.inner_id.x',
    'x'.repeat(200),
    'é'.repeat(33),
    '😀'.repeat(16),
    ' '.repeat(66),
    '`'.repeat(66),
  ],
  ...[
    'a\nb',
    'a\tb',
    'a\\nb',
    'a\\0b',
    'a\\x41b',
    'a\\u0041',
    '\\N',
    'ENGINE = Memory',
    'a` Int8, `b',
    'a` Int8) ENGINE = Null --',
  ],
];

const seed = 20_261_122;
const units = [
  '`',
  '\\',
  "'",
  '"',
  '\n',
  '\t',
  '\r',
  'a',
  'n',
  '0',
  'x',
  ' ',
  '.',
  '/',
  '%',
  ';',
  '-',
  '😀',
  'é',
  '\u202e',
  '{',
  ':',
  '}',
  '\x07',
];
const made = fc.sample(fc.string({ unit: fc.constantFrom(...units), minLength: 1, maxLength: 14 }), {
  numRuns: 250,
  seed,
});
const NAMES = [...new Set([...HOSTILE, ...made])];

describeWithClickhouse(`names (seed ${seed})`, (clickhouse) => {
  it('of hundreds of hostile texts are those of tables, as they are', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const address = { ...clickhouse(), database: database.name };
    const own = NAMES.filter((name) => clickhouseNameProblem(name, database.name) === null);
    expect(own.length).toBeGreaterThan(300);
    expect(database.name).toHaveLength(DATABASE.length);
    const least = quoteClickhouseName('x'.repeat(196));
    await expect(
      askClickhouse(address, `CREATE TABLE ${least} (a Int8) ENGINE = MergeTree ORDER BY a`),
    ).rejects.toThrow('max length of table name');
    for (const name of own)
      await askClickhouse(address, `CREATE TABLE ${quoteClickhouseName(name)} (a Int8) ENGINE = MergeTree ORDER BY a`);
    const rows = await database.query('SELECT name FROM system.tables WHERE database = currentDatabase()');
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(own));
    const dropped = own.map(quoteClickhouseName);
    await askClickhouse(address, `DROP TABLE ${dropped.join(', ')} SYNC`);
    expect(await database.query('SELECT name FROM system.tables WHERE database = currentDatabase()')).toEqual([]);
  }, 120_000);

  it('of hundreds of hostile texts are those of columns, as they are', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const address = { ...clickhouse(), database: database.name };
    const columns = [...NAMES, 'x'.repeat(1000), 'é'.repeat(500)];
    const quoted = columns.map(quoteClickhouseName);
    const wide = 'SETTINGS min_bytes_for_wide_part = 0';
    await askClickhouse(
      address,
      `CREATE TABLE t (${quoted.map((name) => `${name} Int32`).join(', ')}) ENGINE = MergeTree ORDER BY ${quoted[0]} ${wide}`,
    );
    await askClickhouse(
      address,
      `INSERT INTO t (${quoted.join(', ')}) SELECT ${columns.map((_, at) => at).join(', ')}`,
    );
    const rows = await database.query(
      "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 't' ORDER BY position",
    );
    expect(rows.map(({ name }) => name)).toEqual(columns);
    const [row] = await database.query(`SELECT ${quoted.join(', ')} FROM t`);
    expect(Object.values(row ?? {}).length).toBe(columns.length);
    const [sum] = await database.query(`SELECT ${quoted.map((name) => `toInt64(${name})`).join(' + ')} AS sum FROM t`);
    expect(Number(sum?.['sum'])).toBe((columns.length * (columns.length - 1)) / 2);
  }, 120_000);
});

const DATABASE = 'atlas_0123456789ab';

test.each([
  ['', 'it is empty'],
  ['a\0b', 'it holds a NUL character'],
  ['a\ud800', 'it holds a lone surrogate, which UTF-8 cannot spell'],
  ['x'.repeat(196), 'it takes 196 bytes as a file name (196 as text), 195 are possible'],
  ['é'.repeat(33), 'it takes 198 bytes as a file name (66 as text), 195 are possible'],
])('%j cannot be a name', (name, why) => {
  expect(clickhouseNameProblem(name, DATABASE)).toBe(why);
});
