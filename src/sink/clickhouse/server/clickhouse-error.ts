import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { ServerException } from './server-exception.ts';

const CODES: readonly (readonly [ErrorCode, readonly number[]])[] = [
  ['ATLAS_CH_REFUSED', [192, 193, 194, 195, 516]],
  ['ATLAS_CH_GRANT', [164, 497]],
  // statements, memory, parts, quotas, threads, replicas, Keeper; a change of the table's columns that is under way (517)
  ['ATLAS_CH_BUSY', [201, 202, 225, 241, 242, 252, 285, 286, 439, 473, 517, 745, 999]],
  // the server stops (236), or does not know itself whether an INSERT was done (319)
  ['ATLAS_CH_LOST', [236, 319]],
  ['ATLAS_STORE_SPACE', [243]],
];
const BY_NUMBER = new Map(CODES.flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)));

const HINTS: Readonly<Record<number, string>> = {
  62: 'The statement is not understood by this version of ClickHouse.',
  81: 'Check database of the connection.',
  159: 'Raise statement_ms in timeouts of the connection, or max_execution_time of the user.',
  241: 'Raise max_memory_usage or max_server_memory_usage, or load smaller blocks.',
  252: 'The server merges more slowly than it is written to: wait, load larger blocks, or partition more coarsely.',
  394: 'Somebody stopped the statement (KILL QUERY).',
};

/** What a server said as an error of ours, whose cause it is. `doing`: `create the table (ch1:8443/olap)`. */
export function clickhouseError(exception: ServerException, doing: string): AtlasError {
  const { number, type, message } = exception;
  const code = BY_NUMBER.get(number) ?? 'ATLAS_CH_STATEMENT';
  const said = `${number} ${type}${message === '' ? '' : `: ${message}`}`;
  const hint = HINTS[number];
  return new AtlasError(code, `${doing}: ${said}`, { cause: exception, ...(hint !== undefined && { hint }) });
}
