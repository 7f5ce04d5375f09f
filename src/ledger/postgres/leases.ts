import { createHash } from 'node:crypto';
import { AtlasError } from '../../errors.ts';
import type { Lease } from '../../flow/ledger.ts';
import type { Abortable } from '../../flow/source.ts';
import { quoteName } from './migrate.ts';
import type { Ask, Session } from './session.ts';

/** Who takes a lease: this process, for a run. Survives JSON. */
export interface LeaseOwner {
  /** Never used twice. */
  readonly claim: string;
  readonly run: string;
  readonly host: string;
  readonly pid: number;
}

/** What tells processes apart. */
export interface Processes {
  /** This process as the owner of a new claim. */
  readonly newOwner: (run: string) => LeaseOwner;
  /** Whether the process of an owner, as JSON, is known to be gone: only where it was one of this very machine. */
  readonly isGone: (owner: string) => boolean;
}

/** A beat comes so often in the time of a lease. */
const BEATS = 4;

interface Standing {
  readonly claim: string | null;
  readonly run: string;
  readonly host: string;
  readonly pid: string;
  readonly owner: string;
  readonly fence: string;
  readonly seconds: number;
}

/**
 * The leases of one ledger session: a row per target, which whoever inserts or takes it over owns, until it gives it back or a beat is missing
 * for the time of a lease, by the server's clock alone. A row's fence grows with every owner, and its claim is its owner's alone: a transaction
 * that renews the row by its claim first knows that nobody else has it, and that nobody will before it commits.
 */
export class Leases {
  readonly #session: Session;
  readonly #ledger: string;
  readonly #processes: Processes;
  readonly #table: string;
  readonly #held = new Map<string, HeldLease>();

  constructor(session: Session, ledger: string, processes: Processes) {
    this.#session = session;
    this.#ledger = ledger;
    this.#processes = processes;
    this.#table = `${quoteName(session.address.schema)}.lease`;
  }

  /** See `Ledger.hold`. */
  async hold(target: string, run: string, { signal }: Abortable): Promise<Lease> {
    signal.throwIfAborted();
    const owner = this.#processes.newOwner(run);
    const fence = await this.#session.write('take a lease in', async (ask) => {
      const mine = await this.#take(ask, target, owner);
      if (mine !== null) return mine;
      const standing = (await this.#standing(ask, target)) as Standing;
      if (!this.#processes.isGone(standing.owner)) throw this.#heldBy(standing, target);
      return await this.#takeFromDead(ask, target, owner, standing);
    });
    const lease = new HeldLease(fence, owner, target, this);
    this.#held.set(target, lease);
    lease.start(this.#session.address.leaseMs / BEATS);
    return lease;
  }

  /**
   * Call it first in a transaction that writes about a target: whoever holds its lease keeps it to the end of the transaction; without one,
   * nobody else may have it. Fails with ATLAS_LOCK_LOST.
   */
  async guard(ask: Ask, target: string): Promise<void> {
    const held = this.#held.get(target);
    if (held) return await this.renew(ask, held);
    const sql = `SELECT 1 FROM ${this.#table} WHERE target_sha256 = $1 AND claim IS NOT NULL AND expires_at > clock_timestamp() FOR UPDATE`;
    if ((await ask(sql, [keyOf(target)])).rowCount === 0) return;
    throw this.#lost(target, 'no run of this process holds it', await this.#standing(ask, target));
  }

  /** Renews a lease. Fails with ATLAS_LOCK_LOST where it is another's. */
  async renew(ask: Ask, { owner, target, fence }: HeldLease): Promise<void> {
    const sql = `UPDATE ${this.#table} SET beat_at = clock_timestamp(), expires_at = clock_timestamp() + $3 * interval '1 millisecond'
      WHERE target_sha256 = $1 AND claim = $2`;
    const { rowCount } = await ask(sql, [keyOf(target), owner.claim, this.#session.address.leaseMs]);
    if (rowCount === 1) return;
    const before = `it was held by run ${owner.run} (lease ${fence})`;
    throw this.#lost(target, before, await this.#standing(ask, target));
  }

  /** Renews a lease in a transaction of its own. */
  async beat(lease: HeldLease): Promise<void> {
    await this.#session.write('renew a lease in', (ask) => this.renew(ask, lease));
  }

  /** Gives a lease back, if it is still ours; its fence stays, for the next owner to go beyond. */
  async release({ owner, target }: HeldLease): Promise<void> {
    this.#held.delete(target);
    const sql = `UPDATE ${this.#table} SET claim = NULL, expires_at = clock_timestamp() WHERE target_sha256 = $1 AND claim = $2`;
    await this.#session.write('give a lease back to', (ask) => ask(sql, [keyOf(target), owner.claim]));
  }

  /** Takes a lease that nobody has, that has expired, or that this very claim has taken already; null where somebody holds it. */
  async #take(ask: Ask, target: string, owner: LeaseOwner): Promise<string | null> {
    const sql = `INSERT INTO ${this.#table} AS lease
        (target_sha256, target, fence, claim, run, host, pid, owner, taken_at, beat_at, expires_at)
      VALUES ($1, $2, 1, $3, $4, $5, $6, $7, clock_timestamp(), clock_timestamp(), clock_timestamp() + $8 * interval '1 millisecond')
      ON CONFLICT (target_sha256) DO UPDATE SET ${OURS},
        fence = lease.fence + CASE WHEN lease.claim = EXCLUDED.claim THEN 0 ELSE 1 END
      WHERE lease.claim IS NULL OR lease.claim = EXCLUDED.claim OR lease.expires_at <= clock_timestamp()
      RETURNING lease.fence`;
    const { rows } = await ask<{ fence: string }>(sql, this.#values(target, owner));
    return rows[0]?.fence ?? null;
  }

  async #takeFromDead(ask: Ask, target: string, owner: LeaseOwner, { claim }: Standing): Promise<string> {
    const sql = `UPDATE ${this.#table} SET fence = fence + 1, target = $2, claim = $3, run = $4, host = $5, pid = $6, owner = $7,
        taken_at = clock_timestamp(), beat_at = clock_timestamp(), expires_at = clock_timestamp() + $8 * interval '1 millisecond'
      WHERE target_sha256 = $1 AND claim = $9 RETURNING fence`;
    const { rows } = await ask<{ fence: string }>(sql, [...this.#values(target, owner), claim]);
    return (rows[0] as { fence: string }).fence;
  }

  #values(target: string, { claim, run, host, pid, ...rest }: LeaseOwner): readonly unknown[] {
    const owner = JSON.stringify({ claim, run, host, pid, ...rest });
    return [keyOf(target), target, claim, run, host, pid, owner, this.#session.address.leaseMs];
  }

  async #standing(ask: Ask, target: string): Promise<Standing | null> {
    const sql = `SELECT claim, run, host, pid, owner, fence, ceil(extract(epoch FROM expires_at - clock_timestamp()))::int AS seconds
      FROM ${this.#table} WHERE target_sha256 = $1 FOR UPDATE`;
    return (await ask<Standing & { [name: string]: unknown }>(sql, [keyOf(target)])).rows[0] ?? null;
  }

  #heldBy(standing: Standing, target: string): AtlasError {
    const { seconds } = standing;
    const message = `${target} is held by ${describe(standing)} in the ledger ${this.#ledger}; without a sign of life that ends in ${seconds} s`;
    return new AtlasError('ATLAS_TARGET_LOCKED', message, { place: { file: target } });
  }

  #lost(target: string, before: string, now: Standing | null): AtlasError {
    const held = now === null || now.claim === null ? 'is now held by nobody' : `is now held by ${describe(now)}`;
    const message = `the lease on ${target}: ${before}, and ${held}, in the ledger ${this.#ledger}`;
    return new AtlasError('ATLAS_LOCK_LOST', message, { place: { file: target } });
  }
}

const OURS = ['target', 'claim', 'run', 'host', 'pid', 'owner', 'taken_at', 'beat_at', 'expires_at']
  .map((column) => `${column} = EXCLUDED.${column}`)
  .join(', ');

/** A target may be longer than what an index can hold. */
function keyOf(target: string): string {
  return createHash('sha256').update(target).digest('hex');
}

function describe({ run, pid, host, fence }: Standing): string {
  return `run ${run} (process ${pid} on ${host}, lease ${fence})`;
}

/** A lease that this process took; it beats until it is disposed. */
export class HeldLease implements Lease {
  /** Grows with every owner of the target. */
  readonly fence: string;
  readonly owner: LeaseOwner;
  readonly target: string;
  readonly #leases: Leases;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<unknown> | null = null;
  #over = false;

  constructor(fence: string, owner: LeaseOwner, target: string, leases: Leases) {
    this.fence = fence;
    this.owner = owner;
    this.target = target;
    this.#leases = leases;
  }

  start(everyMs: number): void {
    this.#timer = setInterval(() => {
      if (this.#beating !== null) return;
      const beat = this.#leases.beat(this).catch(() => undefined); // `confirm` beats itself, and fails where that fails
      this.#beating = beat.then(() => {
        this.#beating = null;
      });
    }, everyMs);
    this.#timer.unref();
  }

  async confirm({ signal }: Abortable): Promise<void> {
    signal.throwIfAborted();
    await this.#leases.beat(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beating;
    try {
      await this.#leases.release(this);
    } catch {
      // lost, or out of reach: the lease runs out, and no error here may hide the one that ended the run
    }
  }
}
