import { quoteClickhouseName } from '../../../metadata/quote-clickhouse-name.ts';
import { doubtful, type Found, failed, untold, well } from '../../../store/examine/finding.ts';
import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';
import { exceptionNumber } from '../server/server-exception.ts';

/** Without these no mode works (README, "ClickHouse: least grants"). */
export const LEAST_GRANTS = [
  'SELECT',
  'INSERT',
  'CREATE TABLE',
  'DROP TABLE',
  'ALTER DELETE',
  'ALTER SETTINGS',
  'ALTER MODIFY COMMENT',
] as const;

/** Only for tables whose rows or columns expire, and for `on_drift: evolve`. */
export const FURTHER_GRANTS = ['ALTER TTL', 'ALTER ADD COLUMN', 'ALTER MODIFY COLUMN'] as const;

/** Servers before 24.8 do not know CHECK GRANT. */
const SYNTAX_ERROR = 62;

/** Whether the user may do what loads do, in the database and with the tables that are named (`orders`, `olap.orders`). */
export async function examineGrants(
  server: ClickhouseServer,
  user: string,
  databases: readonly string[],
  waiting: Waiting,
): Promise<Found<true>> {
  const lines: string[] = [];
  const further: string[] = [];
  for (const database of databases) {
    const object = `${quoteClickhouseName(database)}.${quoteClickhouseName('_atlas_stage')}`;
    const lacking = async (grants: readonly string[]): Promise<readonly string[]> => {
      if (await has(server, grants, object, waiting)) return [];
      const found: string[] = [];
      for (const grant of grants) if (!(await has(server, [grant], object, waiting))) found.push(grant);
      return found;
    };
    try {
      const [least, more] = [await lacking(LEAST_GRANTS), await lacking(FURTHER_GRANTS)];
      if (least.length > 0) lines.push(grantLine(least, database, user));
      if (more.length > 0) further.push(grantLine(more, database, user));
    } catch (error) {
      if (exceptionNumber(error) !== SYNTAX_ERROR) throw error;
      return untold('this version cannot be asked for grants: the canary shows what is missing');
    }
  }
  const where = databases.join(', ');
  if (lines.length > 0) {
    return failed('ATLAS_CH_GRANT', `${user} may not do all that loads into ${where} need`, `${lines.join('; ')}.`);
  }
  if (further.length === 0) return well(`${user} may do all that loads into ${where} need`, true);
  const hint = `For that: ${further.join('; ')}.`;
  return doubtful(
    `${user} may load into ${where}, but not into tables with a TTL, nor with on_drift: evolve`,
    hint,
    true,
  );
}

async function has(
  server: ClickhouseServer,
  grants: readonly string[],
  object: string,
  waiting: Waiting,
): Promise<boolean> {
  const [row] = await server.query({ sql: `CHECK GRANT ${grants.join(', ')} ON ${object}` }, waiting);
  return Object.values(row ?? {}).some((value) => Number(value) === 1);
}

function grantLine(grants: readonly string[], database: string, user: string): string {
  return `GRANT ${grants.join(', ')} ON ${quoteClickhouseName(database)}.* TO ${quoteClickhouseName(user)}`;
}
