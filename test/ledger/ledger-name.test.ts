import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ledgerName } from '../../src/ledger/ledger-name.ts';

it.each([
  ['/var/lib/atlas/ledger.db', '/var/lib/atlas/ledger.db'],
  ['postgresql://etl:s3cret@db:5432/atlas?schema=x', 'postgresql://etl@db:5432/atlas'],
  ['postgres://db/atlas', 'postgres://db/atlas'],
  ['postgres://etl:s3cret@db1:5432,db2:5432/atlas', 'postgres://etl@db1:5432,db2:5432/atlas'],
  ['postgres://etl:p@ss@db/atlas', 'postgres://etl@db/atlas'],
  ['postgres://etl@[::1]:5432/atlas?password=s3cret', 'postgres://etl@[::1]:5432/atlas'],
  ['postgresql:///atlas?host=/run/postgresql', 'postgresql:///atlas'],
])('%s is called %s', (ledger, name) => {
  expect(ledgerName(ledger)).toBe(name);
});

it.each([
  'postgres://etl:s3/cret@db/atlas',
  'postgres://etl:s3?cret@db/atlas',
  'postgres://etl:s3#cret@db/a',
  'mysql://etl:s3cret',
])('a URL that cannot be told apart from its password is not told: %s', (ledger) => {
  expect(ledgerName(ledger)).toMatch(/^[a-z]+:\/\/…$/);
});

it('no password shows, however it is written', () => {
  const text = fc.string({ minLength: 1, unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(text, fc.boolean(), (noise, encoded) => {
      const secret = `Zq${noise}7X`;
      const written = encoded ? encodeURIComponent(secret) : secret;
      for (const url of [`postgresql://etl:${written}@db:5432/atlas`, `postgres://etl@db/atlas?password=${written}`]) {
        const name = ledgerName(url);
        expect(name).not.toContain('Zq');
        expect(name).not.toContain('7X');
      }
    }),
  );
});
