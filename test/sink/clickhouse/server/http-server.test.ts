import { afterAll, beforeAll } from 'vitest';
import type { ClickhouseServer } from '../../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { openClickhouse } from '../../../../src/sink/clickhouse/server/open-clickhouse.ts';
import { describeWithClickhouse } from '../../../services/clickhouse/describe-with-clickhouse.ts';
import {
  type ClickhouseDatabase,
  makeClickhouseDatabase,
} from '../../../services/clickhouse/make-clickhouse-database.ts';
import { clickhouseConnection } from './clickhouse-connection.ts';
import { testServer } from './server-conformance.ts';

const { signal } = new AbortController();

describeWithClickhouse('a ClickHouse server', (clickhouse) => {
  let database: ClickhouseDatabase;
  let server: ClickhouseServer;
  beforeAll(async () => {
    const { url, user, password } = clickhouse();
    database = await makeClickhouseDatabase(clickhouse());
    const said = { urls: [url], user, password, database: database.name };
    server = await openClickhouse(clickhouseConnection(said), { signal });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });
  testServer(() => server);
});
