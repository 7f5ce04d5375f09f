import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { DescribedColumn, ServerType } from '../../../flow/table-description.ts';
import { quoteIdentifier } from '../../../metadata/quote-identifier.ts';
import type { Session } from '../connection/session.ts';
import { keyLiteral } from '../read/key-literal.ts';
import { selectSql } from '../read/select-sql.ts';

const SPLITTABLE: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'date', 'timestamp', 'timestamptz', 'uuid'],
]);

/** Whether ranges of its values part a table. */
export function isSplittable({ kind, name }: ServerType): boolean {
  return kind === 'base' && SPLITTABLE.has(name);
}

export interface KeyCut {
  readonly key: DescribedColumn;
  /** By the server's estimate. */
  readonly rows: number;
  /** Ranges to make, about. */
  readonly tasks: number;
  /** Pages of it can be sampled. */
  readonly stored: boolean;
}

/** Keys that are looked at: enough to part the rows evenly, whatever their distribution. */
const SAMPLE = 20_000;

/**
 * Ranges of a key that hold about as many rows each, by a sample of its values: `-∞ … b1`, `b1 … b2`, …, `bn … ∞`, so that no value is
 * outside, and the rows without a value in a task of their own. Fails with ATLAS_DB_*.
 */
export async function cutKeys(
  session: Session,
  plan: PostgresSourcePlan,
  { key, rows, tasks, stored }: KeyCut,
  options: Abortable,
): Promise<readonly (string | null)[]> {
  const name = quoteIdentifier('postgresql', key.name);
  const sample = await session.rows(
    sampleSql(plan, name, rows, stored),
    `sampling ${key.name} of ${plan.path}`,
    options,
  );
  const bounds = quantiles(
    sample.map(([value]) => value ?? ''),
    tasks,
  );
  const literals = bounds.map((bound) => keyLiteral(bound, key.type.sql));
  const ranges = [null, ...literals].map((from, index) => {
    const to = literals[index];
    const ends = [...(from === null ? [] : [`${name} >= ${from}`]), ...(to === undefined ? [] : [`${name} < ${to}`])];
    return ends.length === 0 ? `${name} IS NOT NULL` : ends.join(' AND ');
  });
  if (key.nullable) return [...ranges, `${name} IS NULL`];
  // nobody promised it for good: a range without a bound takes the rows that should not be there
  return ranges.length === 1 ? [null] : ranges;
}

/** Values of the key, in order: of whole pages picked by the server, or of rows picked by a hash. The same for the same snapshot. */
function sampleSql(plan: PostgresSourcePlan, name: string, rows: number, stored: boolean) {
  const share = Math.min(1, SAMPLE / Math.max(1, rows));
  const list = `${name} AS key`;
  const condition = `${name} IS NOT NULL`;
  const before = 'SELECT key::text FROM (';
  const after = `) AS sample ORDER BY sample.key LIMIT ${SAMPLE * 10}`;
  if (share === 1) return selectSql(plan, { list, condition }, before, after);
  if (stored) {
    const sample = `TABLESAMPLE SYSTEM (${Math.max(0.01, share * 100).toFixed(4)}) REPEATABLE (0)`;
    return selectSql(plan, { list, condition, sample }, before, after);
  }
  const one = Math.ceil(1 / share);
  const picked = `${condition} AND pg_catalog.hashtext(${name}::text) % ${one} = 0`;
  return selectSql(plan, { list, condition: picked }, before, after);
}

/** Values that part sorted ones into `parts` of about the same length; fewer where values repeat. */
export function quantiles(sorted: readonly string[], parts: number): readonly string[] {
  const bounds: string[] = [];
  for (let part = 1; part < parts; part += 1) {
    const value = sorted[Math.floor((part * sorted.length) / parts)];
    if (value === undefined || value === sorted[0] || value === bounds.at(-1)) continue;
    bounds.push(value);
  }
  return bounds;
}
