import type { Intention, IntentionEnd, KnownContent, Lease, Ledger, RunRecord, RunStatus } from '../../flow/ledger.ts';
import type { Receipt } from '../../flow/receipt.ts';
import type { Abortable } from '../../flow/source.ts';
import type { Backfilled, Watermark, WatermarkChange } from '../../flow/watermark.ts';
import { ledgerName } from '../ledger-name.ts';
import type { WatermarkKey, WatermarksOf } from '../watermark-key.ts';
import { Leases, type Processes } from './leases.ts';
import { readLedgerAddress } from './ledger-address.ts';
import { ledgerVersion, migrate, quoteName } from './migrate.ts';
import { PostgresWatermarks } from './postgres-watermarks.ts';
import { type Ask, defect, type Patience, Session } from './session.ts';

export interface PostgresLedgerOptions {
  readonly processes: Processes;
  /** Where what the URL leaves out stands (PGPASSWORD, …). */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when the run is to stop: a server that does not answer is waited for less long then. */
  readonly stop?: AbortSignal;
  readonly patience?: Patience;
}

/**
 * The ledger of several hosts: a schema in a PostgreSQL database. Makes schema and tables where they are missing; see `Ledger`, `Session` and
 * `Leases`. Fails with ATLAS_LEDGER_*.
 */
export async function openPostgresLedger(url: string, options: PostgresLedgerOptions): Promise<Ledger> {
  const session = sessionFor(url, options);
  try {
    await migrate(session, ledgerName(url));
    return new PostgresLedger(session, ledgerName(url), options.processes);
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}

/** The same, without making anything: null where there is no ledger yet. */
export async function findPostgresLedger(url: string, options: PostgresLedgerOptions): Promise<Ledger | null> {
  await using session = sessionFor(url, options);
  return (await ledgerVersion(session)) === 0 ? null : await openPostgresLedger(url, options);
}

function sessionFor(url: string, { env, stop, patience }: PostgresLedgerOptions): Session {
  const ledger = ledgerName(url);
  return new Session(readLedgerAddress(url, env), { ledger, ...(stop && { stop }), ...(patience && { patience }) });
}

interface RunRow {
  readonly id: string;
  readonly ocs: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly status: RunStatus;
  readonly exit_code: number | null;
  readonly host: string;
  /** A bigint is text. */
  readonly pid: string;
  readonly version: string;
}

class PostgresLedger implements Ledger {
  readonly shared = true;
  readonly #session: Session;
  readonly #ledger: string;
  readonly #leases: Leases;
  readonly #schema: string;
  readonly #watermarks: PostgresWatermarks;

  constructor(session: Session, ledger: string, processes: Processes) {
    this.#session = session;
    this.#ledger = ledger;
    this.#schema = quoteName(session.address.schema);
    this.#leases = new Leases(session, ledger, processes);
    this.#watermarks = new PostgresWatermarks(session, this.#schema);
  }

  async hold(target: string, run: string, options: Abortable): Promise<Lease> {
    return await this.#leases.hold(target, run, options);
  }

  async beginRun(run: RunRecord): Promise<void> {
    const { id, ocs, startedAt, endedAt, status, exitCode, host, pid, version } = run;
    await this.#session.write('begin a run in', async (ask) => {
      const sql = `INSERT INTO ${this.#schema}.run (id, ocs, started_at, ended_at, status, exit_code, host, pid, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`;
      await ask(sql, [id, ocs, startedAt, endedAt, status, exitCode, host, pid, version]);
    });
  }

  async endRun(id: string, status: RunStatus, exitCode: number, endedAt: string): Promise<void> {
    await this.#session.write('end a run in', async (ask) => {
      const sql = `UPDATE ${this.#schema}.run SET status = $1, exit_code = $2, ended_at = $3 WHERE id = $4`;
      const { rowCount } = await ask(sql, [status, exitCode, endedAt, id]);
      if (rowCount === 0) throw defect(`the ledger at ${this.#ledger} knows no run ${id}`);
    });
  }

  async intend(intention: Intention): Promise<void> {
    const { id, target } = intention;
    const body = JSON.stringify(intention);
    await this.#session.write('write an intention to', async (ask) => {
      await this.#leases.guard(ask, target);
      const sql = `INSERT INTO ${this.#schema}.intention (id, target, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`;
      if ((await ask(sql, [id, target, body])).rowCount === 1) return;
      const known = await ask<{ body: string }>(`SELECT body FROM ${this.#schema}.intention WHERE id = $1`, [id]);
      if (known.rows[0]?.body === body) return;
      throw defect(`intention ${id} is in the ledger already, and says something else`);
    });
  }

  async pending(target: string): Promise<readonly Intention[]> {
    const sql = `SELECT body FROM ${this.#schema}.intention
      WHERE hashtextextended(target, 0) = hashtextextended($1, 0) AND target = $1 AND ended IS NULL ORDER BY sequence`;
    const rows = await this.#session.read<{ body: string }>(sql, [target]);
    return rows.map(({ body }) => JSON.parse(body) as Intention);
  }

  async settle(intention: string, receipt: Receipt): Promise<void> {
    await this.#session.write('settle an intention in', async (ask) => {
      if (!(await this.#close(ask, intention, 'settled', null))) return;
      await this.#record(ask, receipt, true);
      await this.#remember(ask, receipt);
      await this.#watermarks.settle(ask, receipt);
    });
  }

  async close(intention: string, end: Exclude<IntentionEnd, 'settled'>, reason: string): Promise<void> {
    await this.#session.write('close an intention in', async (ask) => {
      await this.#close(ask, intention, end, reason);
    });
  }

  async record(receipt: Receipt): Promise<void> {
    await this.#session.write('write a receipt to', (ask) => this.#record(ask, receipt, false));
  }

  async runs({ ocs, limit }: { readonly ocs: string | null; readonly limit: number }): Promise<readonly RunRecord[]> {
    const sql = `SELECT * FROM ${this.#schema}.run WHERE $1::text IS NULL OR ocs = $1 ORDER BY started_at DESC, id DESC LIMIT $2`;
    return (await this.#session.read<RunRow & Row>(sql, [ocs, limit])).map(recordOf);
  }

  async run(id: string): Promise<RunRecord | null> {
    const [row] = await this.#session.read<RunRow & Row>(`SELECT * FROM ${this.#schema}.run WHERE id = $1`, [id]);
    return row === undefined ? null : recordOf(row);
  }

  async receipts(run: string): Promise<readonly Receipt[]> {
    return this.#receipts('run = $1 ORDER BY sequence', [run]);
  }

  async lastPublished(ocs: string, dataset: string): Promise<Receipt | null> {
    const where = `ocs = $1 AND dataset = $2 AND outcome = 'published' ORDER BY sequence DESC LIMIT 1`;
    return (await this.#receipts(where, [ocs, dataset]))[0] ?? null;
  }

  async lastAt(target: string): Promise<Receipt | null> {
    const where = `hashtextextended(target, 0) = hashtextextended($1, 0) AND target = $1 AND outcome = 'published'
      ORDER BY sequence DESC LIMIT 1`;
    return (await this.#receipts(where, [target]))[0] ?? null;
  }

  async contentsAt(target: string): Promise<readonly KnownContent[]> {
    const sql = `SELECT sha256, bytes, run, ocs, dataset FROM ${this.#schema}.content
      WHERE hashtextextended(target, 0) = hashtextextended($1, 0) AND target = $1 ORDER BY sequence`;
    const rows = await this.#session.read<Omit<KnownContent, 'bytes'> & { readonly bytes: string } & Row>(sql, [
      target,
    ]);
    return rows.map(({ sha256, bytes, run, ocs, dataset }) => ({ sha256, bytes: Number(bytes), run, ocs, dataset }));
  }

  async replayOf({ run, ocs, dataset }: Pick<Receipt, 'run' | 'ocs' | 'dataset'>): Promise<Receipt | null> {
    const where = `ocs = $1 AND dataset = $2 AND outcome = 'published' AND replays = $3 ORDER BY sequence DESC LIMIT 1`;
    return (await this.#receipts(where, [ocs, dataset, run]))[0] ?? null;
  }

  async watermarks(of: WatermarksOf): Promise<readonly Watermark[]> {
    return this.#watermarks.list(of);
  }

  async setWatermark(change: WatermarkChange): Promise<void> {
    await this.#session.write('set a watermark in', async (ask) => {
      await this.#leases.guard(ask, change.target);
      await this.#watermarks.set(ask, change);
    });
  }

  async watermarkChanges(of: WatermarksOf): Promise<readonly WatermarkChange[]> {
    return this.#watermarks.changes(of);
  }

  async backfilled(of: WatermarkKey): Promise<readonly Backfilled[]> {
    return this.#watermarks.backfilled(of);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  /** Closes an intention; false where it had that end already. Fails with ATLAS_LOCK_LOST, and with ATLAS_INTERNAL where it had another. */
  async #close(ask: Ask, intention: string, end: IntentionEnd, reason: string | null): Promise<boolean> {
    const sql = `SELECT target, ended FROM ${this.#schema}.intention WHERE id = $1 FOR UPDATE`;
    const [known] = (await ask<{ target: string; ended: IntentionEnd | null }>(sql, [intention])).rows;
    if (known?.ended === end) return false;
    if (!known || known.ended !== null) {
      throw defect(`intention ${intention} cannot be ${end}: it is ${known?.ended ?? 'not there'}`);
    }
    await this.#leases.guard(ask, known.target);
    await ask(`UPDATE ${this.#schema}.intention SET ended = $1, reason = $2 WHERE id = $3`, [end, reason, intention]);
    return true;
  }

  async #record(ask: Ask, receipt: Receipt, settled: boolean): Promise<void> {
    const { run, ocs, dataset, outcome, target, replays } = receipt;
    const sql = `INSERT INTO ${this.#schema}.receipt AS known (run, ocs, dataset, outcome, target, replays, body)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (run, dataset) DO UPDATE SET sequence = DEFAULT, ocs = EXCLUDED.ocs, outcome = EXCLUDED.outcome,
        target = EXCLUDED.target, replays = EXCLUDED.replays, body = EXCLUDED.body
      WHERE $8 OR known.outcome <> 'published'`;
    await ask(sql, [run, ocs, dataset, outcome, target, replays?.run ?? null, JSON.stringify(receipt), settled]);
  }

  async #remember(ask: Ask, { run, ocs, dataset, target, inputs }: Receipt): Promise<void> {
    const sql = `INSERT INTO ${this.#schema}.content (target, sha256, bytes, run, ocs, dataset)
      SELECT $1, each.sha256, each.bytes, $2, $3, $4
      FROM unnest($5::text[], $6::bigint[]) WITH ORDINALITY AS each (sha256, bytes, place) ORDER BY each.place
      ON CONFLICT (run, dataset, sha256) DO NOTHING`;
    const known = inputs.flatMap(({ sha256, bytes }) => (sha256 === undefined ? [] : [{ sha256, bytes: bytes ?? 0 }]));
    if (known.length === 0) return;
    const [sums, sizes] = [known.map(({ sha256 }) => sha256), known.map(({ bytes }) => bytes)];
    await ask(sql, [target, run, ocs, dataset, sums, sizes]);
  }

  async #receipts(where: string, values: readonly unknown[]): Promise<readonly Receipt[]> {
    const sql = `SELECT body FROM ${this.#schema}.receipt WHERE ${where}`;
    return (await this.#session.read<{ body: string }>(sql, values)).map(({ body }) => JSON.parse(body) as Receipt);
  }
}

type Row = Record<string, unknown>;

function recordOf(row: RunRow): RunRecord {
  return {
    id: row.id,
    ocs: row.ocs,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    status: row.status,
    exitCode: row.exit_code,
    host: row.host,
    pid: Number(row.pid),
    version: row.version,
  };
}
