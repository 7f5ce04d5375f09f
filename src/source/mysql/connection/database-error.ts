import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { MysqlConnection } from '../../../flow/connections.ts';

/** Codes by the server's error numbers; whatever is not here is a statement that it refuses. */
const BY_NUMBER: ReadonlyMap<number, ErrorCode> = new Map(
  (
    [
      ['ATLAS_DB_AUTH', [1045, 1130, 1129, 1251, 1275, 1698, 1820, 1862, 3118, 4151, 1524]],
      ['ATLAS_DB_DENIED', [1044, 1142, 1143, 1227, 1356, 1370]],
      ['ATLAS_DB_DATABASE_MISSING', [1049]],
      ['ATLAS_DB_TABLE_MISSING', [1146, 1109, 1051]],
      ['ATLAS_DB_COLUMN_MISSING', [1054]],
      ['ATLAS_DB_BUSY', [1040, 1041, 1053, 1203, 1205, 1206, 1213, 1226, 1180]],
      ['ATLAS_DB_TIMEOUT', [1969, 3024]],
      ['ATLAS_DB_LOST', [1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 1928, 4031]],
      ['ATLAS_DB_CHANGED', [1412, 1615]],
      ['ATLAS_DB_TLS', [3159]],
    ] as const
  ).flatMap(([code, numbers]) => numbers.map((number) => [number, code] as const)),
);

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOENT',
  'EACCES',
  'EPERM',
  'PROTOCOL_CONNECTION_LOST',
]);

interface ServerSaid {
  readonly errno?: number;
  readonly sqlState?: string;
  readonly sqlMessage?: string;
  readonly code?: string;
}

/** What to say of an error: where it happened, and while what was done. */
export interface Doing {
  readonly connection: MysqlConnection;
  /** `sign in`, `read shop.orders`: completes "could not …". */
  readonly what: string;
  /** Rows were being read: a connection that ends was lost, not unreachable. */
  readonly reading?: boolean;
}

/** What mysql2, the system or the server said, as an error of ours: with the server's words, number and SQLSTATE, never a value. */
export function databaseError(error: unknown, { connection, what, reading = false }: Doing): unknown {
  if (error instanceof AtlasError) return error;
  if (!(error instanceof Error)) return error;
  const where = `could not ${what} (${connection.name}, ${addressOf(connection)})`;
  const { errno, sqlState, sqlMessage, code } = error as ServerSaid;
  if (sqlMessage !== undefined && typeof errno === 'number') {
    const state = sqlState === undefined || sqlState === '' ? '' : `, SQLSTATE ${sqlState}`;
    const named = BY_NUMBER.get(errno) ?? 'ATLAS_DB_QUERY';
    return new AtlasError(named, `${where}: ${sqlMessage} (error ${errno}${state})`, {
      cause: error,
      ...hintOf(errno),
    });
  }
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    const hint = 'Turn TLS on in the server; or, where nobody can listen, set dangerously_allow_plaintext.';
    return new AtlasError('ATLAS_DB_TLS', `${where}: the server does not speak TLS`, { cause: error, hint });
  }
  if (code === 'HANDSHAKE_SSL_ERROR') {
    return new AtlasError('ATLAS_DB_TLS', `${where}: ${error.message}`, { cause: error });
  }
  if (code !== undefined && UNREACHABLE.has(code)) {
    const lost = code === 'PROTOCOL_CONNECTION_LOST' || code === 'ECONNRESET' || code === 'EPIPE';
    const said = lost ? `the connection was closed by the other side (${code})` : error.message;
    return new AtlasError(reading ? 'ATLAS_DB_LOST' : 'ATLAS_DB_UNREACHABLE', `${where}: ${said}`, { cause: error });
  }
  return new AtlasError('ATLAS_DB_PROTOCOL', `${where}: ${error.message}`, { cause: error });
}

/** `db.example.org:3306`, or the path of a socket. */
export function addressOf({ host, port }: MysqlConnection): string {
  return host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function hintOf(errno: number): { readonly hint?: string } {
  switch (errno) {
    case 1049:
      return { hint: 'Check `database` of the connection.' };
    case 1412:
      return { hint: 'The table was altered while it was read: run again.' };
    case 1040:
    case 1203:
    case 1226:
      return { hint: 'The server allows no more sessions: try later, or set workers of the source to 1.' };
    default:
      return {};
  }
}
