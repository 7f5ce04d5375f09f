import { AtlasError } from '../../../errors.ts';
import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { DescribedColumn, TableDescription } from '../../../flow/table-description.ts';
import { quoteRelation } from '../../../metadata/quote-identifier.ts';
import type { Session } from '../connection/session.ts';
import { cutKeys, isSplittable } from './cut-keys.ts';
import { cutPages, pageConditions } from './cut-pages.ts';
import type { RowEstimate } from './estimate-rows.ts';
import { type PageCounts, pageCounts } from './page-counts.ts';

/** How the rows of a table are parted among tasks: each row meets exactly one condition. */
export interface TableCut {
  /** SQL; null = all rows. */
  readonly conditions: readonly (string | null)[];
  /** For people. */
  readonly how: string;
  /** There is certainly no row. */
  readonly empty: boolean;
}

/** The first version that finds a range of pages without reading those before it. */
const RANGES_OF_PAGES = 140_000;
const MOST_TASKS = 20_000;
const MOST_TABLES = 1_000;

/**
 * Parts the rows among tasks of about `sliceBytes`: by pages, where the server can read some of a table's pages alone; by ranges of a key,
 * where one is declared or there is a primary key of one column; else there is one task. A function of the snapshot and the plan.
 * Fails with ATLAS_DB_*.
 */
export async function cutTable(
  session: Session,
  plan: PostgresSourcePlan,
  description: TableDescription,
  estimate: RowEstimate,
  options: Abortable,
): Promise<TableCut> {
  const { kind, relation } = description;
  const stored = kind === 'table' || kind === 'partitioned table' || kind === 'materialized view';
  const pages =
    relation !== null && stored ? await pageCounts(session, quoteRelation('postgresql', relation), options) : null;
  const total = pages?.tables.reduce((sum, each) => sum + each, 0) ?? 0;
  const empty = pages?.plain === true && total === 0;
  const bytes = estimate.bytes + (pages?.outsideBytes ?? 0);
  const tasks = Math.min(MOST_TASKS, Math.max(1, Math.ceil(bytes / plan.sliceBytes)));
  const key = keyOf(plan, description);
  if (empty || (tasks === 1 && plan.readers === null)) return { conditions: [null], how: 'whole', empty };
  if (plan.splitBy === null && pages !== null && byPages(session, pages, estimate)) {
    const conditions = pageConditions(cutPages(pages.tables, Math.ceil(total / tasks)));
    return { conditions, how: `${conditions.length} ranges of pages`, empty };
  }
  if (key === null) return { conditions: [null], how: 'whole', empty };
  const wanted = plan.splitBy === null ? tasks : Math.max(tasks, plan.readers ?? 1);
  if (wanted === 1) return { conditions: [null], how: 'whole', empty };
  const conditions = await cutKeys(session, plan, { key, rows: estimate.rows, tasks: wanted, stored }, options);
  return { conditions, how: `${conditions.length} ranges of ${JSON.stringify(key.name)}`, empty };
}

function byPages({ version }: Session, { plain, tables }: PageCounts, { sequential }: RowEstimate): boolean {
  return version.number >= RANGES_OF_PAGES && plain && sequential && tables.length <= MOST_TABLES;
}

function keyOf(plan: PostgresSourcePlan, { columns, primaryKey }: TableDescription): DescribedColumn | null {
  const name = plan.splitBy ?? (primaryKey.length === 1 ? primaryKey[0] : undefined);
  if (name === undefined) return null;
  const found = columns.find((column) => column.name === name);
  if (plan.splitBy === null) return found !== undefined && isSplittable(found.type) ? found : null;
  if (found === undefined) {
    throw new AtlasError(
      'ATLAS_DB_COLUMN_MISSING',
      `split_by is ${JSON.stringify(name)}, which ${plan.path} does not have`,
    );
  }
  if (isSplittable(found.type)) return found;
  throw new AtlasError(
    'ATLAS_DB_SPLIT',
    `split_by is ${JSON.stringify(name)} of ${plan.path}, which is ${found.type.sql}`,
  );
}
