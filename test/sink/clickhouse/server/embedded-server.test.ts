import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { ClickhouseServer } from '../../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { openEmbeddedServer } from '../../../../src/sink/clickhouse/server/embedded-server.ts';
import { clickhouseConnection } from './clickhouse-connection.ts';
import { testServer } from './server-conformance.ts';

const { signal } = new AbortController();

describe('the embedded engine', () => {
  const home = mkdtempSync(join(tmpdir(), 'atlas-engine-'));
  let server: ClickhouseServer;
  beforeAll(async () => {
    const folder = join(home, 'data');
    server = await openEmbeddedServer({ ...clickhouseConnection({}), folder }, { signal });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    rmSync(home, { recursive: true, force: true });
  });
  testServer(() => server);
});
