/** How long the server waits for a reader that does not take what it sends, and for a session without a statement: a day. */
const PATIENCE_S = 86_400;

/**
 * What every session is told first. Time zone and modes are fixed, so that what a row says does not depend on how the server is set up;
 * limits that would silently cut results are lifted; nothing can be written.
 */
export function sessionSettings(statementMs: number): string {
  const wait = Math.max(1, Math.min(Math.ceil(statementMs / 1000), PATIENCE_S));
  return `SET ${[
    "time_zone = '+00:00'",
    // neither quotes, operators nor the padding of CHAR depend on the server
    "sql_mode = 'STRICT_TRANS_TABLES'",
    'character_set_results = utf8mb4',
    'sql_select_limit = 18446744073709551615',
    'sql_big_selects = 1',
    `net_write_timeout = ${PATIENCE_S}`,
    `wait_timeout = ${PATIENCE_S}`,
    `lock_wait_timeout = ${wait}`,
  ]
    .map((each) => (each.startsWith('character') ? each : `SESSION ${each}`))
    .join(', ')}`;
}

/** Settings that only some servers know: each in a statement of its own, and no matter where it is unknown. */
export const OPTIONAL_SETTINGS: readonly string[] = [
  // MariaDB
  'SET SESSION max_statement_time = 0',
  'SET SESSION idle_transaction_timeout = 0',
  'SET SESSION idle_readonly_transaction_timeout = 0',
  // MySQL
  'SET SESSION max_execution_time = 0',
];

/** Errors that say that a variable is not known. */
export const UNKNOWN_VARIABLE = 1193;

export const READ_ONLY = 'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';
