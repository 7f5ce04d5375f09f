import type { PostgresConnection } from '../../../src/flow/connections.ts';
import type { PostgresSourcePlan } from '../../../src/flow/dataset-plan.ts';
import { postgresSourceSchema } from '../../../src/metadata/table-source-schema.ts';
import { describeRequest } from '../../../src/plan/table/describe-request.ts';
import { planTableSource } from '../../../src/plan/table/plan-table-source.ts';
import { Templates } from '../../../src/plan/templates.ts';
import { describePostgresTable } from '../../../src/source/postgres/describe-table.ts';

/** The plan of a PostgreSQL source as a document would say it, made by what its server says of the table. */
export async function planOf(
  connection: PostgresConnection,
  keys: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<PostgresSourcePlan> {
  const source = postgresSourceSchema.parse({
    type: 'postgresql',
    connection: connection.name,
    features: '*',
    ...keys,
  });
  const { signal } = new AbortController();
  const description = await describePostgresTable(connection, describeRequest(source, variables), { signal });
  const problems: ConstructorParameters<typeof Templates>[2] = [];
  const places = { root: '/', connections: {} };
  const plan = planTableSource(source, description, 'fail', places, new Templates(variables, '', problems));
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  return plan as PostgresSourcePlan;
}
