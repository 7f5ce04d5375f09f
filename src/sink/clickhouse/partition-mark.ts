import type { FoundTable } from './find-table.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import { quoteText } from './server/quote-text.ts';
import type { TablePlace } from './table-place.ts';

/** How far publishing partition by partition has come: kept with the staging table itself, as its comment. */
export interface PartitionMark {
  /** The one that was begun last; those before it are done. Past the last: all are. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
  /** Highest block number of that partition in the target right before, as text; null where it had none. */
  readonly above: string | null;
  /** Whose ledger knows of it. */
  readonly host: string;
}

const BEGIN = 'atlas-ingest publishes: ';

/** null where nothing was begun. */
export function readPartitionMark({ comment }: Pick<FoundTable, 'comment'>): PartitionMark | null {
  if (!comment.startsWith(BEGIN)) return null;
  return JSON.parse(comment.slice(BEGIN.length)) as PartitionMark;
}

/** Says what is begun, before it is. */
export async function writePartitionMark(
  place: TablePlace,
  table: string,
  { index, of, above, host }: PartitionMark,
  waiting: Waiting,
): Promise<void> {
  const comment = `${BEGIN}${JSON.stringify({ index, of, above, host })}`;
  await place.command(`ALTER TABLE ${place.sql(table)} MODIFY COMMENT ${quoteText(comment)}`, waiting);
}
