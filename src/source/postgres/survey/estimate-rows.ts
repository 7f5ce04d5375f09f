import { AtlasError } from '../../../errors.ts';
import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Session } from '../connection/session.ts';
import { selectSql } from '../read/select-sql.ts';

/** What the server's planner thinks of the plan's statement. */
export interface RowEstimate {
  readonly rows: number;
  /** Of all rows, as they are sent, about. */
  readonly bytes: number;
  /** Tables are read from their first page to their last, and not through an index. */
  readonly sequential: boolean;
}

interface PlanNode {
  readonly 'Node Type'?: string;
  readonly 'Plan Rows'?: number;
  readonly 'Plan Width'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Bytes of a row besides its values. */
const ROW_BYTES = 16;

/**
 * Lets the server plan the statement without running it: that tells its size, finds what is wrong with it, and locks what it reads against
 * changes of shape. Fails with ATLAS_DB_*.
 */
export async function estimateRows(
  session: Session,
  plan: PostgresSourcePlan,
  options: Abortable,
): Promise<RowEstimate> {
  const statement = selectSql(plan, {}, 'EXPLAIN (FORMAT JSON) ');
  const [row] = await session.rows(statement, `planning ${plan.path}`, options);
  const [explained] = JSON.parse(row?.[0] ?? '[]') as readonly { readonly Plan?: PlanNode }[];
  const root = explained?.Plan;
  if (root === undefined) throw new AtlasError('ATLAS_DB_PROTOCOL', `${plan.path}: EXPLAIN answers no plan`);
  const rows = root['Plan Rows'] ?? 0;
  return { rows, bytes: rows * ((root['Plan Width'] ?? 0) + ROW_BYTES), sequential: isSequential(root) };
}

function isSequential(node: PlanNode): boolean {
  const below = node.Plans ?? [];
  if (below.length > 0) return below.every(isSequential);
  return node['Node Type'] === 'Seq Scan' || node['Node Type'] === 'Result';
}
