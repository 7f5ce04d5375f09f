import type { PostgresConnection } from '../../../src/flow/connections.ts';
import type { PostgresSourcePlan } from '../../../src/flow/dataset-plan.ts';
import type { Source } from '../../../src/flow/source.ts';
import { openPostgresSource } from '../../../src/source/postgres/postgres-source.ts';
import { planOf } from './plan-of.ts';

/** A source as lanes open it, in debug mode. */
export function openPlan(plan: PostgresSourcePlan, connection: PostgresConnection): Promise<Source> {
  return openPostgresSource(plan, { reserve: 0, loadedAt: 1_700_000_000_000_000n, connection, debug: true });
}

/** Describes, plans and opens. */
export async function openSource(
  connection: PostgresConnection,
  keys: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<Source> {
  return openPlan(await planOf(connection, keys, variables), connection);
}
