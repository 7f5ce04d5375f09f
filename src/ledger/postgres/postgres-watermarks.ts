import { createHash } from 'node:crypto';
import { AtlasError } from '../../errors.ts';
import type { Receipt } from '../../flow/receipt.ts';
import type { Backfilled, Watermark, WatermarkChange } from '../../flow/watermark.ts';
import { moveWatermark } from '../move-watermark.ts';
import type { WatermarkKey, WatermarksOf } from '../watermark-key.ts';
import type { Ask, Session } from './session.ts';

const COLUMNS = 'ocs, dataset, target, source, path, followed AS "column", kind, floor, value, run, at';

/** The tables of watermarks in a ledger on PostgreSQL; what writes takes part in a transaction of the caller. */
export class PostgresWatermarks {
  readonly #session: Session;
  /** Quoted. */
  readonly #schema: string;

  constructor(session: Session, schema: string) {
    this.#session = session;
    this.#schema = schema;
  }

  async list({ ocs, dataset }: WatermarksOf): Promise<readonly Watermark[]> {
    const sql = `SELECT ${COLUMNS} FROM ${this.#schema}.watermark WHERE ocs = $1 AND ($2::text IS NULL OR dataset = $2)
      ORDER BY dataset COLLATE "C", target COLLATE "C", path COLLATE "C", source COLLATE "C"`;
    return this.#session.read<Watermark & Row>(sql, [ocs, dataset]);
  }

  async changes({ ocs, dataset }: WatermarksOf): Promise<readonly WatermarkChange[]> {
    const sql = `SELECT body FROM ${this.#schema}.watermark_change WHERE ocs = $1 AND ($2::text IS NULL OR dataset = $2)
      ORDER BY sequence DESC`;
    const rows = await this.#session.read<{ body: string }>(sql, [ocs, dataset]);
    return rows.map(({ body }) => JSON.parse(body) as WatermarkChange);
  }

  async backfilled({ ocs, dataset, target, source }: WatermarkKey): Promise<readonly Backfilled[]> {
    const sql = `SELECT begins AS "from", ends AS "to", run FROM ${this.#schema}.backfill
      WHERE target_sha256 = $1 AND ocs = $2 AND dataset = $3 AND source = $4 ORDER BY sequence`;
    return this.#session.read<Backfilled & Row>(sql, [keyOf(target), ocs, dataset, source]);
  }

  async set(ask: Ask, change: WatermarkChange): Promise<void> {
    const body = JSON.stringify(change);
    const done = `SELECT 1 FROM ${this.#schema}.watermark_change WHERE ocs = $1 AND dataset = $2 AND body = $3`;
    if ((await ask(done, [change.ocs, change.dataset, body])).rowCount !== 0) return;
    const now = (await this.#find(ask, change))?.value ?? null;
    if (now !== change.before) {
      const [then, is] = [change.before ?? 'none', now ?? 'none'];
      throw new AtlasError('ATLAS_STATE_MOVED', `the watermark of ${change.dataset} was ${then}, and is ${is}`);
    }
    const { before: _, after, who: _who, why: _why, ...rest } = change;
    await this.#write(ask, { ...rest, value: after, run: null });
    const sql = `INSERT INTO ${this.#schema}.watermark_change (ocs, dataset, body) VALUES ($1, $2, $3)`;
    await ask(sql, [change.ocs, change.dataset, body]);
  }

  /** What a settled receipt does to them. */
  async settle(ask: Ask, receipt: Receipt): Promise<void> {
    const { run, ocs, dataset, target, watermark } = receipt;
    if (watermark === undefined) return;
    const { source, range, how } = watermark;
    if (how === 'full_refresh') {
      // what others had published to it is gone as well
      for (const table of ['watermark', 'backfill']) {
        await ask(`DELETE FROM ${this.#schema}.${table} WHERE target_sha256 = $1`, [keyOf(target)]);
      }
    }
    const moved = moveWatermark(receipt, watermark, await this.#find(ask, { ocs, dataset, target, source }));
    if (moved !== null) await this.#write(ask, moved);
    if (how !== 'backfill' || range.from === null || range.to === null) return;
    const sql = `INSERT INTO ${this.#schema}.backfill (target_sha256, ocs, dataset, source, begins, ends, run)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`;
    await ask(sql, [keyOf(target), ocs, dataset, source, range.from, range.to, run]);
  }

  async #find(ask: Ask, { ocs, dataset, target, source }: WatermarkKey): Promise<Watermark | null> {
    const sql = `SELECT ${COLUMNS} FROM ${this.#schema}.watermark
      WHERE target_sha256 = $1 AND ocs = $2 AND dataset = $3 AND source = $4 FOR UPDATE`;
    return (await ask<Watermark & Row>(sql, [keyOf(target), ocs, dataset, source])).rows[0] ?? null;
  }

  async #write(ask: Ask, each: Watermark): Promise<void> {
    const { ocs, dataset, target, source, path, column, kind, floor, value, run, at } = each;
    await ask(
      `INSERT INTO ${this.#schema}.watermark
         (target_sha256, ocs, dataset, target, source, path, followed, kind, floor, value, run, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (target_sha256, ocs, dataset, source) DO UPDATE SET path = EXCLUDED.path, followed = EXCLUDED.followed,
         kind = EXCLUDED.kind, floor = EXCLUDED.floor, value = EXCLUDED.value, run = EXCLUDED.run, at = EXCLUDED.at`,
      [keyOf(target), ocs, dataset, target, source, path, column, kind, floor, value, run, at],
    );
  }
}

type Row = Record<string, unknown>;

function keyOf(target: string): string {
  return createHash('sha256').update(target).digest('hex');
}
