import { AtlasError } from '../../errors.ts';
import type { ExaminationStep, Finding } from '../../flow/examination.ts';
import type { Abortable } from '../../flow/source.ts';
import { ledgerName } from '../ledger-name.ts';
import { type LedgerAddress, readLedgerAddress } from './ledger-address.ts';
import { grantsFor } from './ledger-error.ts';
import { ledgerVersion } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations.ts';
import { Session } from './session.ts';

/** Patience hides what is to be found. */
const PATIENCE = { opening: 0, working: 0, stopping: 0 };

type Look = () => Promise<Finding>;

/**
 * Tries a ledger on PostgreSQL step by step and changes nothing: the URL, signing in, the tables or the right to make them, the rights on
 * them, whether what the server confirms is durable. Ends after the first step that fails.
 */
export async function* examinePostgresLedger(
  url: string,
  { env, signal }: Abortable & { readonly env: NodeJS.ProcessEnv },
): AsyncGenerator<ExaminationStep> {
  const ledger = ledgerName(url);
  let address: LedgerAddress | null = null;
  yield* told(ledger, 'url', signal, async () => {
    address = readLedgerAddress(url, env);
    return well(`schema ${address.schema}, sslmode ${address.sslmode}, leases of ${address.leaseMs / 1000} s`);
  });
  if (address === null) return;
  await using session = new Session(address, { ledger, stop: signal, patience: PATIENCE });
  let version = 0;
  const steps: readonly (readonly [string, Look])[] = [
    ['login', () => login(session)],
    [
      'tables',
      async () => {
        version = await ledgerVersion(session);
        return await tables(session, version, ledger);
      },
    ],
    ['rights', async () => (version === 0 ? well('none are needed yet') : await rights(session))],
    ['durable', () => durability(session)],
  ];
  for (const [step, look] of steps) if (!(yield* told(ledger, step, signal, look))) return;
}

/** Tells one step as it begins and as it ends; answers whether it is worth going on. */
async function* told(
  server: string,
  step: string,
  signal: AbortSignal,
  look: Look,
): AsyncGenerator<ExaminationStep, boolean> {
  signal.throwIfAborted();
  yield { server, step, finding: null };
  let finding: Finding;
  try {
    finding = await look();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AtlasError)) throw error;
    finding = { outcome: 'failed', message: error.message, hint: error.hint, code: error.code };
  }
  yield { server, step, finding };
  return finding.outcome !== 'failed';
}

async function login(session: Session): Promise<Finding> {
  const sql = `SELECT current_setting('server_version') AS version, current_user AS "user", ssl.version AS tls
    FROM (SELECT 1) AS one LEFT JOIN pg_stat_ssl AS ssl ON ssl.pid = pg_backend_pid() AND ssl.ssl`;
  const [row] = await session.read<{ version: string; user: string; tls: string | null }>(sql, []);
  return well(`PostgreSQL ${row?.version} knows us as ${row?.user}, ${row?.tls ?? 'without TLS'}`);
}

async function tables(session: Session, version: number, ledger: string): Promise<Finding> {
  const { schema, user, database } = session.address;
  if (version > SCHEMA_VERSION) {
    const message = `${ledger} has version ${version}, this program knows ${SCHEMA_VERSION}`;
    throw new AtlasError('ATLAS_LEDGER_VERSION', message);
  }
  if (version === SCHEMA_VERSION) return well(`a ledger of version ${version}`);
  const sql = `SELECT n.oid IS NOT NULL AS there, CASE WHEN n.oid IS NULL
      THEN has_database_privilege(current_database(), 'CREATE') ELSE has_schema_privilege(n.oid, 'CREATE') END AS may
    FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = $1`;
  const [row] = await session.read<{ there: boolean; may: boolean }>(sql, [schema]);
  const todo = version === 0 ? 'no ledger yet' : `a ledger of version ${version}, ${SCHEMA_VERSION} is needed`;
  if (row?.may) return well(`${todo}: the next run makes what is missing`);
  const hint = row?.there
    ? 'Run once as the owner of the schema.'
    : grantsFor(user, database, schema, 'permission denied for database');
  throw new AtlasError('ATLAS_LEDGER_DENIED', `${todo}, and ${user} may not make what is missing`, { hint });
}

async function rights(session: Session): Promise<Finding> {
  const { schema, user, database } = session.address;
  const sql = `SELECT format('%s on %s', right_, c.relname) AS missing
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace,
      unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_
    WHERE n.nspname = $1 AND c.relkind = 'r' AND NOT has_table_privilege(c.oid, right_) ORDER BY 1`;
  const missing = (await session.read<{ missing: string }>(sql, [schema])).map((row) => row.missing);
  if (missing.length === 0) return well('the tables may be read and written');
  const some =
    missing.length > 4 ? `${missing.slice(0, 4).join(', ')} and ${missing.length - 4} more` : missing.join(', ');
  const hint = grantsFor(user, database, schema, '');
  throw new AtlasError('ATLAS_LEDGER_DENIED', `${user} has not the right to ${some}`, { hint });
}

async function durability(session: Session): Promise<Finding> {
  const sql = `SELECT pg_is_in_recovery() AS standby, current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS pages, current_setting('synchronous_standby_names') AS standbys`;
  const [row] = await session.read<{ standby: boolean; fsync: string; pages: string; standbys: string }>(sql, []);
  if (row?.standby) {
    const hint = 'Name the primary, or all of them: host1,host2.';
    throw new AtlasError('ATLAS_LEDGER_UNAVAILABLE', 'the server is a standby, and only reads', { hint });
  }
  if (row?.fsync !== 'on' || row.pages !== 'on') {
    const message = `the server runs with fsync ${row?.fsync} and full_page_writes ${row?.pages}: what it confirms may be gone after a power cut`;
    return { outcome: 'warning', message, hint: 'Set both to on in postgresql.conf.', code: null };
  }
  const standbys = row.standbys === '' ? '' : `, on ${row.standbys} too`;
  return well(`what is confirmed is on disk${standbys}`);
}

function well(message: string): Finding {
  return { outcome: 'ok', message, hint: null, code: null };
}
