import { AtlasError } from '../../errors.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import type { Ask, Session } from './session.ts';

/** Which tables are there: their version; 0 = none. */
type Version = number;

/**
 * Brings the tables of a ledger up to date, and makes schema and tables where there are none. Runs that start at once take turns (an advisory
 * lock of the database); a ledger that is up to date is only looked at, so that no rights are needed but those of its tables. Fails with
 * ATLAS_LEDGER_VERSION and ATLAS_LEDGER_*.
 */
export async function migrate(session: Session, ledger: string): Promise<void> {
  const { schema } = session.address;
  if (isKnown(await ledgerVersion(session), ledger)) return;
  await session.write('make the tables of', async (ask) => {
    await ask('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`atlas-ingest ledger ${schema}`]);
    const found = await versionBy(ask, schema);
    if (isKnown(found, ledger)) return;
    const known = await ask('SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = $1', [schema]);
    const name = quoteName(schema);
    if (known.rowCount === 0) await ask(`CREATE SCHEMA ${name}`, []);
    if (found === 0) await ask(`CREATE TABLE ${name}.ledger_version (version integer NOT NULL)`, []);
    for (const step of MIGRATIONS.slice(found)) {
      for (const statement of step.split(';').filter((text) => text.trim() !== '')) {
        await ask(
          statement.replaceAll('$s', () => name),
          [],
        );
      }
    }
    const sql = found === 0 ? 'INSERT INTO $s.ledger_version VALUES ($1)' : 'UPDATE $s.ledger_version SET version = $1';
    await ask(
      sql.replace('$s', () => name),
      [SCHEMA_VERSION],
    );
  });
}

/** The version of the tables that are there; 0 = none. */
export async function ledgerVersion(session: Session): Promise<Version> {
  const rows = await session.read<{ found: boolean }>(IS_THERE, [session.address.schema]);
  if (rows[0]?.found !== true) return 0;
  const sql = `SELECT version FROM ${quoteName(session.address.schema)}.ledger_version`;
  return (await session.read<{ version: number }>(sql, []))[0]?.version ?? 0;
}

const IS_THERE = `SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = 'ledger_version') AS found`;

async function versionBy(ask: Ask, schema: string): Promise<Version> {
  const { rows } = await ask<{ found: boolean }>(IS_THERE, [schema]);
  if (rows[0]?.found !== true) return 0;
  const versions = await ask<{ version: number }>(`SELECT version FROM ${quoteName(schema)}.ledger_version`, []);
  return versions.rows[0]?.version ?? 0;
}

function isKnown(found: Version, ledger: string): boolean {
  if (found <= SCHEMA_VERSION) return found === SCHEMA_VERSION;
  throw new AtlasError('ATLAS_LEDGER_VERSION', `${ledger} has version ${found}, this program knows ${SCHEMA_VERSION}`);
}

/** A name of a schema as SQL writes it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
