import { AtlasError, type ErrorCode } from '../../errors.ts';

/** Where an error happened, and what must not be told. */
export interface ErrorScene {
  /** What was being done (`open`, `settle an intention in`). */
  readonly what: string;
  /** The ledger's name, without its password. */
  readonly ledger: string;
  readonly user: string;
  readonly database: string;
  readonly schema: string;
  readonly password: string | null;
}

/** What to do about a failed step: ask again in a new session, ask again, or give up. */
export type Remedy = 'reconnect' | 'repeat' | 'none';

/** SQLSTATEs (or their classes) that another attempt may not meet again. */
const REPEATABLE = /^(40|55P03|57014)/;
const OVER = /^(08|53|57P|25006|25P0[34])/;
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH)/;
const NO_TLS = /does not support SSL|establishing an SSL connection/;

interface Failure {
  readonly message?: string;
  readonly code?: string;
  readonly severity?: string;
  readonly errors?: readonly Failure[];
}

/** Whether and how to go on after what the client or the server threw. */
export function remedyOf(error: unknown): Remedy {
  if (error instanceof AtlasError) return error.code === 'ATLAS_LEDGER_UNAVAILABLE' ? 'reconnect' : 'none';
  const { code = '', severity, message = '' } = error as Failure;
  if (severity !== undefined) return OVER.test(code) ? 'reconnect' : REPEATABLE.test(code) ? 'repeat' : 'none';
  return TLS.test(code) || NO_TLS.test(message) || /^SASL/.test(message) ? 'none' : 'reconnect';
}

/** The error to tell: a code by what the server or the system said, its own words and SQLSTATE, never the password. */
export function ledgerError(error: unknown, scene: ErrorScene): AtlasError {
  if (error instanceof AtlasError) return error;
  const failure = error as Failure;
  const { code, hint } = kindOf(failure, scene);
  const words = wordsOf(failure);
  const state = failure.severity !== undefined && failure.code ? ` (SQLSTATE ${failure.code})` : '';
  const message = `could not ${scene.what} the ledger at ${scene.ledger}: ${words}${state}`;
  const cause = new Error(redacted(words, scene));
  return new AtlasError(code, redacted(message, scene), {
    cause,
    ...(hint !== null && { hint: redacted(hint, scene) }),
  });
}

function kindOf(failure: Failure, scene: ErrorScene): { readonly code: ErrorCode; readonly hint: string | null } {
  const { code = '', message = '', severity } = failure;
  const { user, database, schema } = scene;
  if (severity === undefined) {
    if (TLS.test(code) || NO_TLS.test(message)) return { code: 'ATLAS_LEDGER_TLS', hint: null };
    if (/^SASL/.test(message)) return { code: 'ATLAS_LEDGER_AUTH', hint: null };
    return {
      code: 'ATLAS_LEDGER_UNAVAILABLE',
      hint: 'Check host, port and network; what was recorded stands. Run again later.',
    };
  }
  if (code === '3D000')
    return {
      code: 'ATLAS_LEDGER_DATABASE',
      hint: `CREATE DATABASE ${quoted(database)} ENCODING 'UTF8' TEMPLATE template0;`,
    };
  if (code.startsWith('28')) return { code: 'ATLAS_LEDGER_AUTH', hint: null };
  if (code === '42501') return { code: 'ATLAS_LEDGER_DENIED', hint: grantsFor(user, database, schema, message) };
  if (code.startsWith('53'))
    return {
      code: 'ATLAS_LEDGER_UNAVAILABLE',
      hint: 'The server has no room (connections, memory or disk); run again later.',
    };
  if (code === '42P07')
    return {
      code: 'ATLAS_LEDGER_DATABASE',
      hint: 'The schema holds tables of somebody else; name one of its own: ?schema=atlas_ingest.',
    };
  if (code === '25006')
    return {
      code: 'ATLAS_LEDGER_UNAVAILABLE',
      hint: 'The server only reads (a standby, perhaps); name the primary, or all of them: host1,host2.',
    };
  return { code: 'ATLAS_LEDGER_UNAVAILABLE', hint: "See the server's log; what was recorded stands. Run again later." };
}

/** The SQL that gives the rights which are missing; `message`: what the server said. */
export function grantsFor(user: string, database: string, schema: string, message: string): string {
  const [to, space] = [quoted(user), quoted(schema)];
  if (/for database/.test(message)) {
    if (/connect/i.test(message)) return `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${to};`;
    return `CREATE SCHEMA ${space} AUTHORIZATION ${to};`;
  }
  return `GRANT USAGE ON SCHEMA ${space} TO ${to}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${space} TO ${to}; its tables are made, and brought up to date, by the schema's owner.`;
}

function wordsOf({ message = '', code, errors }: Failure): string {
  // several addresses of one name: Node says it of each
  const [first] = errors ?? [];
  const words = /^SASL.*password must/.test(message)
    ? 'the server asks for a password, and none was given'
    : message || first?.message || code || 'no answer';
  return code && !words.includes(code) && !/^[0-9A-Z]{5}$/.test(code) ? `${words} (${code})` : words;
}

/** One that is the name of the user, say, is told as that. */
function redacted(text: string, { password, ledger }: ErrorScene): string {
  return password === null || ledger.includes(password) ? text : text.replaceAll(password, '***');
}

/** A name as SQL writes it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
