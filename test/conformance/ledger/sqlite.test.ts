import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { describeLedger } from './describe-ledger.ts';

describeLedger('sqlite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-ledger-'));
  return {
    open: () => openSqliteLedger(join(folder, 'state', 'ledger.sqlite')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
});
