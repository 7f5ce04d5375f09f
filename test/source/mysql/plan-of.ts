import type { MysqlConnection } from '../../../src/flow/connections.ts';
import type { MysqlSourcePlan } from '../../../src/flow/dataset-plan.ts';
import { mysqlSourceSchema } from '../../../src/metadata/table-source-schema.ts';
import { describeRequest } from '../../../src/plan/table/describe-request.ts';
import { planTableSource } from '../../../src/plan/table/plan-table-source.ts';
import { Templates } from '../../../src/plan/templates.ts';
import { describeMysqlTable } from '../../../src/source/mysql/describe-table.ts';

/** The plan of a MySQL source as a document would say it, made by what its server says of the table. */
export async function planOf(
  connection: MysqlConnection,
  keys: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<MysqlSourcePlan> {
  const source = mysqlSourceSchema.parse({
    type: 'mysql',
    connection: connection.name,
    features: '*',
    ...keys,
  });
  const { signal } = new AbortController();
  const description = await describeMysqlTable(connection, describeRequest(source, variables), { signal });
  const problems: ConstructorParameters<typeof Templates>[2] = [];
  const places = { root: '/', connections: {} };
  const plan = planTableSource(source, description, 'fail', places, new Templates(variables, '', problems));
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  return plan as MysqlSourcePlan;
}
