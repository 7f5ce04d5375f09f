import { setTimeout as sleep } from 'node:timers/promises';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

const FIRST_MS = 20;
const MOST_MS = 1_000;
const PATIENCE_MS = 600_000;
/** The embedded engine lists a statement that was cancelled for as long as another is under way. */
const EMBEDDED_PATIENCE_MS = 30_000;

/** A statement of ours by its id; where the engine is embedded, by its comment. */
const UNDER_WAY = `SELECT count() AS found FROM system.processes
WHERE (query_id = {id:String} OR Settings['log_comment'] = {id:String}) AND NOT position(query, 'system.processes') > 0`;

/** Waits until a statement is no longer carried out, whatever became of it; after the time given, answers false. */
export async function awaitStatement(
  place: TablePlace,
  queryId: string,
  { signal }: Waiting,
  patience = place.server.embedded ? EMBEDDED_PATIENCE_MS : PATIENCE_MS,
): Promise<boolean> {
  const end = performance.now() + patience;
  for (let pause = FIRST_MS; ; pause = Math.min(2 * pause, MOST_MS)) {
    const [row] = await place.query(UNDER_WAY, { signal }, { id: queryId });
    if (Number(row?.['found']) === 0) return true;
    if (performance.now() > end) return false;
    await sleep(pause, undefined, { signal });
  }
}
