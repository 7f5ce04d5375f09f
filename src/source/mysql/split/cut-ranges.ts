import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Task } from '../../../flow/task.ts';
import { quoteIdentifier } from '../../../metadata/quote-identifier.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { encodeSlice } from '../mysql-slice.ts';
import { rangeOf, relationOf, selectFrom } from '../sql/select-from.ts';
import { equalBounds, evenBounds, isSkewed, type Weighed } from './even-bounds.ts';
import { type KeyValues, keyValues } from './key-values.ts';
import type { SplitKey } from './split-key.ts';

/** Times that skewed ranges are weighed again. */
const ROUNDS = 20;

/**
 * Tasks of about as many rows each: ranges of the key that leave nothing out, whatever its least and greatest values, and one for NULL.
 * Where equal ranges are skewed, the server's own estimates (of its index) say where to part. No row is read for it but the ends.
 */
export async function cutRanges(
  plan: MysqlSourcePlan,
  key: SplitKey,
  count: number,
  session: MysqlSession,
  options: Abortable,
): Promise<readonly Task[]> {
  const name = quoteIdentifier('mysql', key.column);
  const literals =
    key.family === 'uuid' ? hexBounds(count) : await bounds(plan, key.family, name, count, session, options);
  // MariaDB compares UUIDs of several versions in ways that bounds of none fit into (rows fell between them); their texts have one order
  const conditions = tile(key.family === 'uuid' ? `CAST(${name} AS CHAR)` : name, literals);
  if (key.nullable) conditions.push(`${name} IS NULL`);
  return conditions.map((text, index) => ({
    index,
    follows: false,
    begin: null,
    bytes: null,
    slice: encodeSlice({ kind: 'rows', condition: { text, values: [] } }),
  }));
}

/** Open at both ends: rows beyond what was thought to be the least or the greatest value are in a range too. */
function tile(name: string, literals: readonly string[]): string[] {
  const conditions: string[] = [];
  for (let index = 0; index <= literals.length; index += 1) {
    const [from, to] = [literals[index - 1], literals[index]];
    const parts = [
      ...(from === undefined ? [] : [`${name} >= ${from}`]),
      ...(to === undefined ? [] : [`${name} < ${to}`]),
    ];
    conditions.push(parts.length === 0 ? `${name} IS NOT NULL` : parts.join(' AND '));
  }
  return conditions;
}

/** Texts of hexadecimal digits that part the texts of UUIDs evenly. */
function hexBounds(count: number): readonly string[] {
  const most = Math.min(count, 256);
  return Array.from({ length: most - 1 }, (_, index) => {
    const byte = Math.floor(((index + 1) * 256) / most);
    return `'${byte.toString(16).padStart(2, '0')}'`;
  });
}

async function bounds(
  plan: MysqlSourcePlan,
  family: Exclude<SplitKey['family'], 'uuid'>,
  name: string,
  count: number,
  session: MysqlSession,
  options: Abortable,
): Promise<readonly string[]> {
  const values = keyValues(family);
  const ends = selectFrom(plan, `CAST(MIN(${name}) AS CHAR), CAST(MAX(${name}) AS CHAR)`, rangeOf(plan));
  const what = `look for the ends of ${plan.path}`;
  const [[least = null, greatest = null] = []] = await session.ask(ends.text, options, ends.values, what);
  if (least === null || greatest === null) return [];
  const to = values.numberOf(greatest);
  const from = values.numberOf(least) ?? values.numberOf(family === 'integer' ? '0' : EPOCH[family]);
  if (from === null || to === null || to <= from) return [];
  let found = equalBounds(from, to, count);
  for (let round = 0; round < ROUNDS && plan.relation !== null; round += 1) {
    const weighed = await weigh(plan, values, name, [from, ...found, to + 1n], session, options);
    if (weighed === null || !isSkewed(weighed)) break;
    found = evenBounds(weighed, count);
  }
  return found.map((bound) => values.literal(bound));
}

const EPOCH = { date: '1970-01-01', timestamp: '1970-01-01 00:00:00' } as const;

/** What the server estimates of each range; null where it has no index to do so. */
async function weigh(
  plan: MysqlSourcePlan,
  values: KeyValues,
  name: string,
  ends: readonly bigint[],
  session: MysqlSession,
  options: Abortable,
): Promise<readonly Weighed[] | null> {
  const weighed: Weighed[] = [];
  for (let index = 0; index + 1 < ends.length; index += 1) {
    const [from, to] = [ends[index] as bigint, ends[index + 1] as bigint];
    const condition = `${name} >= ${values.literal(from)} AND ${name} < ${values.literal(to)}`;
    const sql = `EXPLAIN FORMAT=JSON SELECT ${name} FROM ${relationOf(plan).text} WHERE ${condition}`;
    const [[explained = null] = []] = await session.ask(sql, options, [], `estimate ${plan.path}`);
    const text = explained ?? '';
    const rows = /"rows(?:_examined_per_scan)?":\s*(\d+)/.exec(text)?.[1];
    if (rows !== undefined && !/"access_type":\s*"(range|const|eq_ref|ref)"/.test(text)) return null;
    weighed.push({ from, to, rows: Number(rows ?? 0) });
  }
  return weighed;
}
