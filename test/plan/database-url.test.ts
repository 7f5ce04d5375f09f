import { describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import { connectionSchema } from '../../src/metadata/connection-schema.ts';
import { isDatabaseUrl, parseDatabaseUrl } from '../../src/plan/propose/database-url.ts';

function refused(text: string): AtlasError {
  try {
    parseDatabaseUrl(text);
  } catch (error) {
    if (error instanceof AtlasError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the URL of a database', () => {
  it('is told from files and from hdfs://', () => {
    for (const url of ['postgres://h/d', 'postgresql://h/d', 'mysql://h/d', 'mariadb://h/d', 'MySQL://h/d']) {
      expect(isDatabaseUrl(url)).toBe(true);
    }
    for (const name of ['a.csv', 'hdfs://lake/a.csv', 'postgres', './mysql://x'])
      expect(isDatabaseUrl(name)).toBe(false);
  });

  it.each([
    [
      'postgres://etl:s%40cret@db:5433/shop',
      { type: 'postgresql', host: 'db', port: 5433, database: 'shop', user: 'etl' },
    ],
    ['mysql://db/shop%2D1', { type: 'mysql', host: 'db', database: 'shop-1' }],
    ['mariadb://u@[::1]/d', { type: 'mysql', host: '::1', database: 'd', user: 'u' }],
    [
      'postgresql://u@/d?host=/run/postgresql',
      { type: 'postgresql', host: '/run/postgresql', database: 'd', user: 'u' },
    ],
    [
      'postgresql://db/d?sslmode=verify-full&sslrootcert=ca.pem',
      { type: 'postgresql', host: 'db', database: 'd', tls: { ca: 'ca.pem' } },
    ],
    [
      'postgresql://db/d?sslmode=disable',
      { type: 'postgresql', host: 'db', database: 'd', tls: false, dangerously_allow_plaintext: true },
    ],
    ['postgresql://127.0.0.1/d?sslmode=disable', { type: 'postgresql', host: '127.0.0.1', database: 'd' }],
  ])('%s', (text, keys) => {
    const parsed = parseDatabaseUrl(text);
    expect(parsed.keys).toEqual(keys);
    expect(() => connectionSchema.parse(parsed.keys)).not.toThrow();
  });

  it('gives its password apart, decoded', () => {
    expect(parseDatabaseUrl('postgres://etl:s%40cret@db/shop').password).toBe('s@cret');
    expect(parseDatabaseUrl('postgres://etl@db/shop').password).toBeNull();
  });

  it.each([
    ['postgres://etl:hunter2@db', 'names no database'],
    ['postgres://etl:hunter2@db/a/b', 'names no database'],
    ['postgres://etl:hunter2@db:x/a', 'is no URL'],
    ['postgres://etl:hunter2@/a', 'names no host'],
    ['postgres://etl:hun%zzter2@db/a', 'holds a % in its password'],
    ['postgres://etl:hunter2@db/a?sslmod=disable', 'has the option "sslmod"'],
  ])('%s is refused, and its password not shown', (text, message) => {
    const error = refused(text);
    expect(error.code).toBe('ATLAS_USAGE');
    expect(error.message).toContain(message);
    expect(JSON.stringify([error.message, error.hint, error.stack])).not.toMatch(/hunter2|zzter2/);
  });
});
