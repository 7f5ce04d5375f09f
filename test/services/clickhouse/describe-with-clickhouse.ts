import { describe } from 'vitest';
import { describeWithServer } from '../describe-with-server.ts';
import type { ClickhouseService } from './clickhouse-service.ts';
import { type Clickhouse, sharedClickhouse } from './shared-clickhouse.ts';
import { type ClickhouseOptions, chdbPackage, startClickhouse } from './start-clickhouse.ts';

/**
 * Tests against the ClickHouse that all test files share: make a database of your own in it (`makeClickhouseDatabase`), and break
 * nothing. Skipped, with the reason in their name, where chdb is missing.
 */
export function describeWithClickhouse(name: string, body: (clickhouse: () => Clickhouse) => void): void {
  if (process.env['ATLAS_CLICKHOUSE'] === undefined && chdbPackage() === null) skip(name);
  else describeWithServer(name, [], sharedClickhouse, body);
}

/** Tests against a ClickHouse of their own, which they may break and configure. */
export function describeWithOwnClickhouse(
  name: string,
  options: ClickhouseOptions,
  body: (clickhouse: () => ClickhouseService) => void,
): void {
  if (chdbPackage() === null) skip(name);
  else describeWithServer(name, options.tls === true ? ['openssl'] : [], () => startClickhouse(options), body);
}

function skip(name: string): void {
  describe.skip(`${name} (needs the npm package chdb)`, () => {});
}
