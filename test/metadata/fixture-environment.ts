import type { GroupEnvironment } from '../../src/metadata/group-environment.ts';

/** What the documents of `test/fixtures/metadata` may refer to. */
export const FIXTURE_ENVIRONMENT: GroupEnvironment = {
  variables: { DATA_DIR: 'data', SECRET: 'swordfish', EMPTY: '', PORT: '0x', TYPE: 'strin' },
  files: new Map([['/missing', { problem: 'it cannot be read: ENOENT' }]]),
  connections: [],
};
