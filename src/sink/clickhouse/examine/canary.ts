import { quoteClickhouseName } from '../../../metadata/quote-clickhouse-name.ts';
import { type Found, failed, well } from '../../../store/examine/finding.ts';
import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';
import { CANARY_BODY, CANARY_ROWS } from './canary-body.ts';

/** How long the canary's tables may take to be removed once the examination was stopped, in milliseconds. */
const CLEANING_MS = 10_000;

/**
 * Does what a load does, with two tables of its own that are removed whatever happens: makes them, inserts Arrow, counts, exchanges, moves a
 * partition. Fails with ATLAS_CH_*.
 */
export async function flyCanary(server: ClickhouseServer, run: string, waiting: Waiting): Promise<Found<true>> {
  const name = (which: string): string =>
    `${quoteClickhouseName(server.database)}.${quoteClickhouseName(`_atlas_canary_${run}_${which}`)}`;
  const [old, next] = [name('a'), name('b')];
  const command = (sql: string): Promise<void> => server.command({ sql }, waiting);
  const count = async (table: string): Promise<number> => {
    const [row] = await server.query({ sql: `SELECT count() AS rows FROM ${table}` }, waiting);
    return Number(row?.['rows']);
  };
  try {
    for (const table of [old, next]) {
      await command(
        `CREATE TABLE ${table} (n Int64) ENGINE = MergeTree ORDER BY n COMMENT 'canary of atlas-ingest doctor'`,
      );
    }
    await command(`ALTER TABLE ${next} MODIFY SETTING non_replicated_deduplication_window = 100`);
    const insert = await server.insert({ sql: `INSERT INTO ${next} (n)`, format: 'ArrowStream' }, waiting);
    try {
      await insert.write(CANARY_BODY);
      await insert.end();
    } catch (error) {
      await insert.abort(error);
      throw error;
    }
    const inserted = await count(next);
    if (inserted !== CANARY_ROWS) return miscounted(`${CANARY_ROWS} rows were inserted, and ${inserted} are there`);
    await command(`EXCHANGE TABLES ${old} AND ${next}`);
    const exchanged = await count(old);
    if (exchanged !== CANARY_ROWS) return miscounted(`after EXCHANGE ${exchanged} rows are there, not ${CANARY_ROWS}`);
    await command(`ALTER TABLE ${old} MOVE PARTITION tuple() TO TABLE ${next}`);
    const moved = await count(next);
    if (moved !== CANARY_ROWS) return miscounted(`after MOVE PARTITION ${moved} rows are there, not ${CANARY_ROWS}`);
    return well(`tables made, ${CANARY_ROWS} rows inserted as Arrow, counted, exchanged, moved, dropped`, true);
  } finally {
    const cleaning = { signal: AbortSignal.timeout(CLEANING_MS) };
    for (const table of [old, next]) {
      await server.command({ sql: `DROP TABLE IF EXISTS ${table} SYNC` }, cleaning).catch(() => {}); // what failed before says why
    }
  }
}

function miscounted(message: string): Found<never> {
  return failed(
    'ATLAS_CH_PROTOCOL',
    message,
    'Look for a proxy or a balancer that sends statements to several servers.',
  );
}
