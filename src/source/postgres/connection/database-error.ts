import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { PostgresConnection } from '../../../flow/connections.ts';
import { locateInDocument, type SentStatement } from './sent-statement.ts';
import { isServerFault, type ServerFault } from './server-fault.ts';
import { socketCode } from './socket-code.ts';

export interface FaultContext {
  readonly connection: PostgresConnection;
  /** What was being done: `signing in`, `reading public.orders`. */
  readonly doing: string;
  readonly statement?: SentStatement | undefined;
}

/** Codes of SQLSTATEs, and of their classes (the first two characters). */
const CODES: Readonly<Record<string, ErrorCode>> = {
  '08': 'ATLAS_DB_LOST',
  '0A': 'ATLAS_DB_QUERY',
  '25P03': 'ATLAS_DB_LOST',
  '25P04': 'ATLAS_DB_LOST',
  '28': 'ATLAS_DB_AUTH',
  '3D000': 'ATLAS_DB_DATABASE_MISSING',
  '3F000': 'ATLAS_DB_TABLE_MISSING',
  '40': 'ATLAS_DB_BUSY',
  '42501': 'ATLAS_DB_DENIED',
  '42703': 'ATLAS_DB_COLUMN_MISSING',
  '42P01': 'ATLAS_DB_TABLE_MISSING',
  '53': 'ATLAS_DB_BUSY',
  '55P03': 'ATLAS_DB_BUSY',
  '57014': 'ATLAS_DB_TIMEOUT',
  '57P01': 'ATLAS_DB_LOST',
  '57P02': 'ATLAS_DB_LOST',
  '57P03': 'ATLAS_DB_BUSY',
  '57P04': 'ATLAS_DB_DATABASE_MISSING',
  '57P05': 'ATLAS_DB_LOST',
};

/** What went wrong with a server, for people: its own words, its code, and where in the document. Never a password. */
export function databaseError(error: unknown, context: FaultContext): AtlasError {
  if (error instanceof AtlasError) return error;
  return isServerFault(error) ? refused(error, context) : broken(error, context);
}

function refused(fault: ServerFault, { connection, doing, statement }: FaultContext): AtlasError {
  const code = CODES[fault.code] ?? CODES[fault.code.slice(0, 2)] ?? 'ATLAS_DB_QUERY';
  const position = Number(fault.position);
  const place = statement && position > 0 ? locateInDocument(statement, position) : null;
  const where = place === null ? '' : `; ${place}`;
  return new AtlasError(
    code,
    `${nameOf(connection)} refused ${doing}: ${fault.message} (SQLSTATE ${fault.code}${where})`,
    { cause: faultCause(fault), ...hintOf(fault, connection) },
  );
}

/** Of the server's answer what may be printed: no detail, which may hold values. */
function faultCause({ message, severity, code }: ServerFault): Error {
  return new Error(`${severity}: ${message} (${code})`);
}

function hintOf(fault: ServerFault, { user }: PostgresConnection): { readonly hint?: string } {
  const grantee = user ?? 'the user';
  const { code, message } = fault;
  if (code === '42501') {
    const [, kind = 'table', name = 'the table'] = /for (\S+) (.+)$/.exec(message) ?? [];
    if (kind === 'schema') return { hint: `GRANT USAGE ON SCHEMA ${name} TO ${grantee};` };
    const table = fault.table === undefined ? name : `${fault.schema ?? 'public'}.${fault.table}`;
    return { hint: `GRANT SELECT ON ${table} TO ${grantee};` };
  }
  if (code === '42P18' || message.includes('could not determine data type of parameter')) {
    return { hint: 'Say the type of the value: {{ name }}::date.' };
  }
  if (code === '40001' && message.includes('recovery')) {
    return {
      hint: 'A standby gave precedence to changes of its primary: raise max_standby_streaming_delay, turn hot_standby_feedback on, or read from the primary.',
    };
  }
  if (code === '28000' && /no pg_hba.conf entry|SSL/i.test(message)) {
    return { hint: 'pg_hba.conf of the server must allow this user, database and address, with or without TLS.' };
  }
  return {};
}

function broken(error: unknown, { connection, doing }: FaultContext): AtlasError {
  const { code, said } = socketCode(error);
  const { host, port } = connection;
  const address = host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;
  const cause = new Error(said);
  if (code === 'ATLAS_DB_LOST') {
    return new AtlasError(code, `${nameOf(connection)} at ${address} was lost, ${doing}: ${said}`, { cause });
  }
  return new AtlasError(code, `${nameOf(connection)} at ${address}, ${doing}: ${said}`, { cause });
}

/** As messages call a connection. */
export function nameOf({ name, database }: PostgresConnection): string {
  return `postgresql://${name} (database ${database})`;
}
