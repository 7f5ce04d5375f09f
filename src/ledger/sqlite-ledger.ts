import type Database from 'libsql';
import { AtlasError } from '../errors.ts';
import type { Intention, IntentionEnd, KnownContent, Lease, Ledger, RunRecord, RunStatus } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { Backfilled, Watermark, WatermarkChange } from '../flow/watermark.ts';
import { ledgerStep, openSqliteFile } from './sqlite-file.ts';
import { sqliteTransaction } from './sqlite-transaction.ts';
import { SqliteWatermarks } from './sqlite-watermarks.ts';
import type { WatermarkKey, WatermarksOf } from './watermark-key.ts';

/** The ledger of one host: a SQLite file; see `Ledger` and `openSqliteFile`. */
export async function openSqliteLedger(path: string): Promise<Ledger> {
  return new SqliteLedger(path, await openSqliteFile(path));
}

interface RunRow {
  readonly id: string;
  readonly ocs: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly status: RunStatus;
  readonly exit_code: number | null;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
}

/** All runs that share a file are on one host, and the target's own lock tells them apart. */
const OF_ONE_HOST: Lease = {
  confirm: async () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

class SqliteLedger implements Ledger {
  readonly shared = false;
  readonly #path: string;
  readonly #database: Database.Database;
  readonly #watermarks: SqliteWatermarks;

  constructor(path: string, database: Database.Database) {
    this.#path = path;
    this.#database = database;
    this.#watermarks = new SqliteWatermarks(database);
  }

  async hold(): Promise<Lease> {
    return OF_ONE_HOST;
  }

  async beginRun(run: RunRecord): Promise<void> {
    this.#write('begin a run in', () => {
      this.#run(
        `INSERT INTO run (id, ocs, started_at, ended_at, status, exit_code, host, pid, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
        [run.id, run.ocs, run.startedAt, run.endedAt, run.status, run.exitCode, run.host, run.pid, run.version],
      );
    });
  }

  async endRun(id: string, status: RunStatus, exitCode: number, endedAt: string): Promise<void> {
    this.#write('end a run in', () => {
      const sql = 'UPDATE run SET status = ?, exit_code = ?, ended_at = ? WHERE id = ?';
      this.#found(this.#run(sql, [status, exitCode, endedAt, id]), `run ${id}`);
    });
  }

  async intend(intention: Intention): Promise<void> {
    const { id, target } = intention;
    this.#write('write an intention to', () => {
      const sql = 'INSERT INTO intention (id, target, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING';
      const body = JSON.stringify(intention);
      if (this.#run(sql, [id, target, body]) === 1) return;
      const known = this.#one<{ body: string }>('SELECT body FROM intention WHERE id = ?', [id]);
      if (known?.body === body) return;
      throw new AtlasError('ATLAS_INTERNAL', `intention ${id} is in the ledger already, and says something else`);
    });
  }

  async pending(target: string): Promise<readonly Intention[]> {
    const sql = 'SELECT body FROM intention WHERE target = ? AND ended IS NULL ORDER BY sequence';
    return this.#all<{ body: string }>(sql, [target]).map(({ body }) => JSON.parse(body) as Intention);
  }

  async settle(intention: string, receipt: Receipt): Promise<void> {
    this.#write('settle an intention in', () => {
      if (this.#endOf(intention) === 'settled') return;
      this.#close(intention, 'settled', null);
      this.#record(receipt);
      this.#remember(receipt);
      this.#watermarks.settle(receipt);
    });
  }

  async close(intention: string, end: Exclude<IntentionEnd, 'settled'>, reason: string): Promise<void> {
    this.#write('close an intention in', () => {
      if (this.#endOf(intention) === end) return;
      this.#close(intention, end, reason);
    });
  }

  async record(receipt: Receipt): Promise<void> {
    this.#write('write a receipt to', () => {
      const sql = `SELECT 1 FROM receipt WHERE run = ? AND dataset = ? AND outcome = 'published'`;
      if (this.#one(sql, [receipt.run, receipt.dataset]) === null) this.#record(receipt);
    });
  }

  async runs({ ocs, limit }: { readonly ocs: string | null; readonly limit: number }): Promise<readonly RunRecord[]> {
    const sql = 'SELECT * FROM run WHERE ?1 IS NULL OR ocs = ?1 ORDER BY started_at DESC, id DESC LIMIT ?2';
    return this.#all<RunRow>(sql, [ocs, limit]).map(recordOf);
  }

  async run(id: string): Promise<RunRecord | null> {
    const row = this.#one<RunRow>('SELECT * FROM run WHERE id = ?', [id]);
    return row === null ? null : recordOf(row);
  }

  async receipts(run: string): Promise<readonly Receipt[]> {
    return this.#receipts('SELECT body FROM receipt WHERE run = ? ORDER BY sequence', [run]);
  }

  async lastPublished(ocs: string, dataset: string): Promise<Receipt | null> {
    const sql = `SELECT body FROM receipt WHERE ocs = ? AND dataset = ? AND outcome = 'published' ORDER BY sequence DESC LIMIT 1`;
    return this.#receipts(sql, [ocs, dataset])[0] ?? null;
  }

  async lastAt(target: string): Promise<Receipt | null> {
    const sql = `SELECT body FROM receipt WHERE outcome = 'published' AND body ->> '$.target' = ? ORDER BY sequence DESC LIMIT 1`;
    return this.#receipts(sql, [target])[0] ?? null;
  }

  async contentsAt(target: string): Promise<readonly KnownContent[]> {
    const sql = 'SELECT sha256, bytes, run, ocs, dataset FROM content WHERE target = ? ORDER BY sequence';
    return this.#all<KnownContent>(sql, [target]);
  }

  async replayOf({ run, ocs, dataset }: Pick<Receipt, 'run' | 'ocs' | 'dataset'>): Promise<Receipt | null> {
    const sql = `SELECT body FROM receipt WHERE ocs = ? AND dataset = ? AND outcome = 'published'
       AND body ->> '$.replays.run' = ? ORDER BY sequence DESC LIMIT 1`;
    return this.#receipts(sql, [ocs, dataset, run])[0] ?? null;
  }

  async watermarks(of: WatermarksOf): Promise<readonly Watermark[]> {
    return ledgerStep('read', this.#path, () => this.#watermarks.list(of));
  }

  async setWatermark(change: WatermarkChange): Promise<void> {
    this.#write('set a watermark in', () => this.#watermarks.set(change));
  }

  async watermarkChanges(of: WatermarksOf): Promise<readonly WatermarkChange[]> {
    return ledgerStep('read', this.#path, () => this.#watermarks.changes(of));
  }

  async backfilled(of: WatermarkKey): Promise<readonly Backfilled[]> {
    return ledgerStep('read', this.#path, () => this.#watermarks.backfilled(of));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#database.close();
    } catch {
      // all that was promised is durable already, and no error here may hide the one that ended the run
    }
  }

  #close(intention: string, end: IntentionEnd, reason: string | null): void {
    const sql = 'UPDATE intention SET ended = ?, reason = ? WHERE id = ? AND ended IS NULL';
    if (this.#run(sql, [end, reason, intention]) === 1) return;
    const ended = this.#endOf(intention);
    throw new AtlasError('ATLAS_INTERNAL', `intention ${intention} cannot be ${end}: it is ${ended ?? 'not there'}`);
  }

  #endOf(intention: string): IntentionEnd | null {
    const sql = 'SELECT ended FROM intention WHERE id = ?';
    return this.#one<{ ended: IntentionEnd | null }>(sql, [intention])?.ended ?? null;
  }

  #record(receipt: Receipt): void {
    const { run, ocs, dataset, outcome } = receipt;
    this.#run('INSERT OR REPLACE INTO receipt (run, ocs, dataset, outcome, body) VALUES (?, ?, ?, ?, ?)', [
      run,
      ocs,
      dataset,
      outcome,
      JSON.stringify(receipt),
    ]);
  }

  #remember({ run, ocs, dataset, target, inputs }: Receipt): void {
    const sql = `INSERT INTO content (target, sha256, bytes, run, ocs, dataset) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (run, dataset, sha256) DO NOTHING`;
    for (const { sha256, bytes } of inputs) {
      if (sha256 !== undefined) this.#run(sql, [target, sha256, bytes ?? 0, run, ocs, dataset]);
    }
  }

  #receipts(sql: string, values: readonly unknown[]): readonly Receipt[] {
    return this.#all<{ body: string }>(sql, values).map(({ body }) => JSON.parse(body) as Receipt);
  }

  #found(changes: number, what: string): void {
    if (changes === 0) throw new AtlasError('ATLAS_INTERNAL', `the ledger at ${this.#path} knows no ${what}`);
  }

  /** One immediate transaction: it waits for other processes before it reads, never after. */
  #write(what: string, work: () => void): void {
    ledgerStep(what, this.#path, () => sqliteTransaction(this.#database, work));
  }

  #run(sql: string, values: readonly unknown[]): number {
    return this.#database.prepare(sql).run(values).changes;
  }

  #one<Row>(sql: string, values: readonly unknown[]): Row | null {
    return ledgerStep('read', this.#path, () => (this.#database.prepare(sql).get(values) as Row | undefined) ?? null);
  }

  #all<Row>(sql: string, values: readonly unknown[]): readonly Row[] {
    return ledgerStep('read', this.#path, () => this.#database.prepare(sql).all(values) as Row[]);
  }
}

function recordOf(row: RunRow): RunRecord {
  return {
    id: row.id,
    ocs: row.ocs,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    status: row.status,
    exitCode: row.exit_code,
    host: row.host,
    pid: row.pid,
    version: row.version,
  };
}
