import { AtlasError } from '../errors.ts';
import type { QueryAnswer } from '../flow/query-answer.ts';
import { openStores } from '../registry.ts';
import { chooseConnection } from './choose-connection.ts';
import { findFoldersOrHere } from './folders.ts';
import type { Io } from './io.ts';
import { locateInSql } from './locate-in-sql.ts';
import { oneStatement } from './one-statement.ts';
import { paintFor } from './paint.ts';
import type { QueryOptions } from './query-options.ts';
import { answerJson, renderAnswer } from './render-answer.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { humanCount } from './units.ts';

/** Rows of a table that people look at. */
const SHOWN = 1000;
/** Changing settings is let through, writing is not. */
const READ_ONLY = 2;

/** `atlas-ingest query`: asks a ClickHouse and shows the rows; nothing can be written. */
export async function query(options: QueryOptions, io: Io): Promise<number> {
  const sql = oneStatement(options.sql);
  const chosen = await chooseConnection(options, findFoldersOrHere(options, io), io);
  const paint = paintFor(io.stderr);
  io.stderr.write(paint.dim(`asking ${chosen.said}, read-only\n`));
  for (const warning of chosen.warnings) io.stderr.write(`${paint.yellow('warning')} ${warning}\n`);
  using stop = stopOnSignal('text', io);
  const { name, limits } = chosen.connection;
  const connection = {
    ...chosen.connection,
    limits: { ...limits, statement: options.timeout ?? limits.statement },
  };
  await using stores = openStores({ [name]: connection });
  const limit = options.limit ?? (options.json ? 0 : SHOWN);
  const server = await stores.server(name, { signal: stop.signal });
  const answer = await ask(sql, limit, (settings) => server.ask({ sql, settings }, { signal: stop.signal }));
  const rows = limit === 0 ? answer.rows : answer.rows.slice(0, limit);
  const cut = rows.length < answer.rows.length;
  if (options.json) io.stdout.write(answerJson({ ...answer, rows }, cut));
  else io.stdout.write(renderAnswer({ ...answer, rows }, io));
  const count = `${humanCount(rows.length)} ${rows.length === 1 ? 'row' : 'rows'}`;
  if (cut) io.stderr.write(`${paint.yellow('the first')} ${count}: --limit shows more, --limit 0 all\n`);
  else if (!options.json) io.stderr.write(paint.dim(`${count}\n`));
  return 0;
}

async function ask(
  sql: string,
  limit: number,
  send: (settings: Readonly<Record<string, string | number>>) => Promise<QueryAnswer>,
): Promise<QueryAnswer> {
  const bound = limit === 0 ? {} : { max_result_rows: limit + 1, result_overflow_mode: 'break' };
  try {
    return await send({ output_format_decimal_trailing_zeros: 1, ...bound, readonly: READ_ONLY });
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    const place = locateInSql(sql, error.message);
    const refused = error.code === 'ATLAS_CH_GRANT' && /readonly/i.test(error.message);
    if (place === null && !refused) throw error;
    const hint = refused
      ? 'query only reads: write through run or ingest records, or with a client of ClickHouse.'
      : error.hint;
    throw new AtlasError(error.code, place === null ? error.message : `${error.message}\n${place}`, {
      cause: error.cause,
      hint,
    });
  }
}
