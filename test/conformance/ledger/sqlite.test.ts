import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { describeLedger } from './describe-ledger.ts';
import { describeWatermarks } from './describe-watermarks.ts';

async function bed() {
  const folder = await mkdtemp(join(tmpdir(), 'atlas-ledger-'));
  return {
    open: () => openSqliteLedger(join(folder, 'state', 'ledger.sqlite')),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

describeLedger('sqlite', bed);
describeWatermarks('sqlite', bed);
