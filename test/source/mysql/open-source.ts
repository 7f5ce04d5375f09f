import type { MysqlConnection } from '../../../src/flow/connections.ts';
import type { Source } from '../../../src/flow/source.ts';
import { openMysqlSource } from '../../../src/source/mysql/mysql-source.ts';
import { planOf } from './plan-of.ts';

/** Opens a source as a document would say it, in debug mode. */
export async function openSource(
  connection: MysqlConnection,
  keys: object,
  variables: Readonly<Record<string, string>> = {},
  workers = 1,
): Promise<Source> {
  const plan = await planOf(connection, keys, variables);
  const loadedAt = 1_700_000_000_000_000n;
  return openMysqlSource(plan, { reserve: 0, loadedAt, connection, workers, debug: true });
}
