import { expect, test } from 'vitest';
import type { ClickhouseConnection } from '../../../src/flow/connections.ts';
import { wireCompression } from '../../../src/sink/clickhouse/wire-compression.ts';

const to = (parts: Partial<ClickhouseConnection>, env: NodeJS.ProcessEnv = {}): string =>
  wireCompression({ folder: null, urls: null, compression: 'auto', ...parts } as ClickhouseConnection, env);

test.each([
  [['http://localhost:8123'], 'none'],
  [['http://127.0.0.1:8123', 'http://[::1]:8123'], 'none'],
  [['https://ch1:8443'], 'lz4'],
  [['http://localhost:8123', 'https://ch2:8443'], 'lz4'],
])('auto to %j is %s', (urls, wanted) => {
  expect(to({ urls })).toBe(wanted);
});

test('auto without a URL goes by the environment', () => {
  expect(to({})).toBe('none');
  expect(to({}, { CLICKHOUSE_HOST: 'ch1' })).toBe('lz4');
  expect(to({}, { CLICKHOUSE_HOST: '127.0.0.1' })).toBe('none');
  expect(to({}, { CLICKHOUSE_URL: 'https://ch1:8443', CLICKHOUSE_HOST: 'localhost' })).toBe('lz4');
});

test('what is declared holds, but for the embedded engine, whose rows never leave this machine', () => {
  expect(to({ urls: ['http://localhost:8123'], compression: 'zstd' })).toBe('zstd');
  expect(to({ urls: ['https://ch1'], compression: 'none' })).toBe('none');
  expect(to({ folder: '/data/clickhouse', compression: 'zstd' })).toBe('none');
});
