import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { networkFileSystem } from '../../src/ledger/network-file-system.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';

const mount = vi.hoisted(() => ({ type: null as number | null }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const statfs = async (path: string) => {
    const found = await real.statfs(path);
    return mount.type === null ? found : { ...found, type: mount.type };
  };
  return { ...real, statfs };
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atlas-network-'));
});
afterEach(async () => {
  mount.type = null;
  await rm(folder, { recursive: true, force: true });
});

it.each([
  ['nfs', 0x6969],
  ['cifs', 0xff534d42],
  ['cifs', 0xff534d42 | 0], // some systems give a signed number
  ['smb2', 0xfe534d42],
])('a ledger on %s is refused before anything is written', async (name, type) => {
  mount.type = type;
  const path = join(folder, 'state', 'ledger.db');
  await expect(openSqliteLedger(path)).rejects.toMatchObject({
    code: 'ATLAS_LEDGER_UNAVAILABLE',
    message: `${path} is on a network file system (${name})`,
    hint: expect.stringContaining('local disk'),
  });
  expect(await readdir(join(folder, 'state'))).toEqual([]);
});

it('a local disk is none', async () => {
  expect(await networkFileSystem(folder)).toBeNull();
  await using ledger = await openSqliteLedger(join(folder, 'ledger.db'));
  expect(await ledger.runs({ ocs: null, limit: 1 })).toEqual([]);
});
