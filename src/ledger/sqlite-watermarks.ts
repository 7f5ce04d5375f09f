import type Database from 'libsql';
import { AtlasError } from '../errors.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { Backfilled, Watermark, WatermarkChange } from '../flow/watermark.ts';
import { moveWatermark } from './move-watermark.ts';
import type { WatermarkKey, WatermarksOf } from './watermark-key.ts';

const COLUMNS = 'ocs, dataset, target, source, path, followed AS "column", kind, floor, value, run, at';

/** The tables of watermarks in a SQLite ledger. What writes stands in a transaction of the caller. */
export class SqliteWatermarks {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  list({ ocs, dataset }: WatermarksOf): readonly Watermark[] {
    const sql = `SELECT ${COLUMNS} FROM watermark WHERE ocs = ?1 AND (?2 IS NULL OR dataset = ?2)
      ORDER BY dataset, target, path, source`;
    return this.#database.prepare(sql).all([ocs, dataset]) as Watermark[];
  }

  changes({ ocs, dataset }: WatermarksOf): readonly WatermarkChange[] {
    const sql = `SELECT body FROM watermark_change WHERE ocs = ?1 AND (?2 IS NULL OR dataset = ?2) ORDER BY sequence DESC`;
    const rows = this.#database.prepare(sql).all([ocs, dataset]) as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as WatermarkChange);
  }

  backfilled({ ocs, dataset, target, source }: WatermarkKey): readonly Backfilled[] {
    const sql = `SELECT begins AS "from", ends AS "to", run FROM backfill
      WHERE target = ? AND ocs = ? AND dataset = ? AND source = ? ORDER BY sequence`;
    return this.#database.prepare(sql).all([target, ocs, dataset, source]) as Backfilled[];
  }

  set(change: WatermarkChange): void {
    const body = JSON.stringify(change);
    const done = 'SELECT 1 FROM watermark_change WHERE ocs = ? AND dataset = ? AND body = ?';
    if (this.#database.prepare(done).get([change.ocs, change.dataset, body]) !== undefined) return;
    const now = this.#find(change)?.value ?? null;
    if (now !== change.before) {
      const [then, is] = [change.before ?? 'none', now ?? 'none'];
      throw new AtlasError('ATLAS_STATE_MOVED', `the watermark of ${change.dataset} was ${then}, and is ${is}`);
    }
    const { before: _, after, who: _who, why: _why, ...rest } = change;
    this.#write({ ...rest, value: after, run: null });
    const sql = 'INSERT INTO watermark_change (ocs, dataset, body) VALUES (?, ?, ?)';
    this.#run(sql, [change.ocs, change.dataset, body]);
  }

  /** What a settled receipt does to them. */
  settle(receipt: Receipt): void {
    const { run, ocs, dataset, target, watermark } = receipt;
    if (watermark === undefined) return;
    const { source, range, how } = watermark;
    if (how === 'full_refresh') {
      // what others had published to it is gone as well
      for (const table of ['watermark', 'backfill']) this.#run(`DELETE FROM ${table} WHERE target = ?`, [target]);
    }
    const moved = moveWatermark(receipt, watermark, this.#find({ ocs, dataset, target, source }));
    if (moved !== null) this.#write(moved);
    if (how !== 'backfill' || range.from === null || range.to === null) return;
    const sql = 'INSERT INTO backfill (ocs, dataset, target, source, begins, ends, run) VALUES (?, ?, ?, ?, ?, ?, ?)';
    this.#run(sql, [ocs, dataset, target, source, range.from, range.to, run]);
  }

  #find({ ocs, dataset, target, source }: WatermarkKey): Watermark | null {
    const sql = `SELECT ${COLUMNS} FROM watermark WHERE ocs = ? AND dataset = ? AND target = ? AND source = ?`;
    return (this.#database.prepare(sql).get([ocs, dataset, target, source]) as Watermark | undefined) ?? null;
  }

  #write({ ocs, dataset, target, source, path, column, kind, floor, value, run, at }: Watermark): void {
    this.#run(
      `INSERT OR REPLACE INTO watermark (ocs, dataset, target, source, path, followed, kind, floor, value, run, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [ocs, dataset, target, source, path, column, kind, floor, value, run, at],
    );
  }

  #run(sql: string, values: readonly unknown[]): void {
    this.#database.prepare(sql).run(values);
  }
}
