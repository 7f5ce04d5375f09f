import type { NewTable, ShapeKey } from '../../../flow/dataset-plan.ts';
import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';
import type { LiveTable } from './live-table.ts';
import { splitSettings, storageClauses } from './storage-clauses.ts';

/** A key that the document declares otherwise than the table has it; both as the server writes them. */
export interface ShapeDifference {
  readonly key: ShapeKey;
  readonly declared: string;
  readonly live: string;
}

/**
 * How a table that is there differs from what the document declares of it: engine and keys, each as the server itself spells it, so that
 * `toDate( ts )` and `toDate(ts)` are one. What the document leaves open does not count. Engines that the server replicates by itself count as
 * what they were declared as.
 */
export async function compareShape(
  { declared, engine, orderBy, partitionBy, primaryKey, settings }: NewTable,
  live: LiveTable,
  server: ClickhouseServer,
  waiting: Waiting,
): Promise<readonly ShapeDifference[]> {
  const sides: Record<Exclude<ShapeKey, 'settings'>, readonly [string, string]> = {
    engine: [engine, storageClauses(live.engineFull).ENGINE],
    order_by: [orderBy.join(', '), live.sortingKey],
    partition_by: [partitionBy.join(', '), live.partitionKey],
    primary_key: [primaryKey.join(', '), live.primaryKey],
  };
  const differences: ShapeDifference[] = [];
  for (const key of ['engine', 'order_by', 'partition_by', 'primary_key'] as const) {
    if (!declared.includes(key)) continue;
    const [mine, theirs] = sides[key];
    const [wanted, there] = [await spell(mine, server, waiting), await spell(theirs, server, waiting)];
    const same = key === 'engine' ? sameEngine(wanted, there) : wanted === there;
    if (!same) differences.push({ key, declared: wanted, live: there });
  }
  const set = splitSettings(storageClauses(live.engineFull).SETTINGS);
  for (const [key, value] of Object.entries(settings)) {
    const there = set.get(key)?.replace(/^'(.*)'$/s, '$1');
    if (there !== String(value)) {
      differences.push({
        key: 'settings',
        declared: `${key} = ${value}`,
        live: there === undefined ? '' : `${key} = ${there}`,
      });
    }
  }
  return differences;
}

/** A key, or an engine, as the server writes it, without parentheses around it; nothing for none. */
async function spell(text: string, server: ClickhouseServer, waiting: Waiting): Promise<string> {
  if (text.trim() === '') return '';
  const statement = {
    sql: 'SELECT formatQuerySingleLine({query:String}) AS text',
    params: { query: `SELECT ${text}` },
  };
  const [row] = await server.query(statement, waiting);
  let spelled = String(row?.['text'] ?? '').replace(/^SELECT /, '');
  while (isWrapped(spelled)) spelled = spelled.slice(1, -1);
  return spelled === 'tuple()' ? '' : spelled;
}

/** Whether the first parenthesis is closed by the last character. */
function isWrapped(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false;
  const inner = text.slice(1, -1);
  let depth = 0;
  for (const [character] of inner.matchAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[()]/g)) {
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return true;
}

function sameEngine(declared: string, live: string): boolean {
  const plain = (text: string): string => text.replace(/\(\)$/, '');
  if (plain(declared) === plain(live)) return true;
  const replicated = /^(Replicated|Shared)/;
  if (replicated.test(declared) || !replicated.test(live)) return false;
  const bare = live.replace(replicated, '').replace(/\('(?:[^'\\]|\\.)*', '(?:[^'\\]|\\.)*'(?:, )?/, '(');
  return plain(declared) === plain(bare);
}
