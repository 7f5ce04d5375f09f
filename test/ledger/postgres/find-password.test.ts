import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPassword } from '../../../src/ledger/postgres/find-password.ts';
import { readLedgerAddress } from '../../../src/ledger/postgres/ledger-address.ts';

let folder: string;
let passfile: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-pass-'));
  passfile = join(folder, 'pass');
});
afterEach(() => rm(folder, { recursive: true }));

const keep = (...lines: readonly string[]) => writeFile(passfile, lines.join('\n'), { mode: 0o600 });
const find = (url: string, env: NodeJS.ProcessEnv = {}) => {
  const address = readLedgerAddress(url, { PGPASSFILE: passfile, ...env });
  return findPassword(address, address.hosts[0] as (typeof address.hosts)[number]);
};

it('takes the first line that fits', async () => {
  await keep('# a:1:b:c:d', 'other:*:*:*:no', 'db:5432:atlas:etl:first', 'db:*:*:*:second', '*:*:*:*:last');
  expect(await find('postgres://etl@db/atlas')).toBe('first');
  expect(await find('postgres://etl@db:5433/atlas')).toBe('second');
  expect(await find('postgres://etl@elsewhere/atlas')).toBe('last');
  expect(await find('postgres://etl@%2Frun%2Fpg/atlas')).toBe('last');
});

it('reads what is escaped', async () => {
  await keep('::1:5432:atlas:etl:no', String.raw`\:\:1:5432:at\\las:e\:tl:p\:a\\ss`);
  expect(await find('postgres://e%3Atl@[::1]/at%5Clas')).toBe('p:a\\ss');
});

it('needs none where one is said', async () => {
  await keep('*:*:*:*:file');
  expect(await find('postgres://etl:url@db/atlas')).toBe('url');
  expect(await find('postgres://etl@db/atlas', { PGPASSWORD: 'environment' })).toBe('environment');
});

it('knows a socket as localhost, and answers null where nothing fits', async () => {
  await keep('localhost:5432:atlas:etl:socket');
  expect(await find('postgres://etl@%2Frun%2Fpg/atlas')).toBe('socket');
  expect(await find('postgres://etl@db/atlas')).toBeNull();
  expect(await find('postgres://etl@db/atlas', { PGPASSFILE: join(folder, 'none') })).toBeNull();
});

it('does not use a file that others may read', async () => {
  await keep('*:*:*:*:geheim');
  await chmod(passfile, 0o640);
  await expect(find('postgres://etl@db/atlas')).rejects.toMatchObject({
    code: 'ATLAS_LEDGER_AUTH',
    hint: `chmod 600 ${passfile}`,
  });
});
