import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localStore } from '../../../src/store/local-store.ts';
import { describeStore } from './describe-store.ts';

describeStore('local', async () => {
  const root = await mkdtemp(join(tmpdir(), 'atlas-store-'));
  return { store: localStore, root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
});
