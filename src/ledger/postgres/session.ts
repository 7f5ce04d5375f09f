import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResult, QueryResultRow } from 'pg';
import { AtlasError } from '../../errors.ts';
import { type Connected, connect, farewell } from './connect.ts';
import type { LedgerAddress } from './ledger-address.ts';
import { type ErrorScene, ledgerError, remedyOf } from './ledger-error.ts';

/** How long a failing step is tried again, in milliseconds. */
export interface Patience {
  /** While the ledger is opened. */
  readonly opening: number;
  /** Afterwards: as long as a server takes to restart, or a standby to take over. */
  readonly working: number;
  /** Once the run is to stop. */
  readonly stopping: number;
}

const PATIENCE: Patience = { opening: 2_000, working: 45_000, stopping: 2_000 };
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** The server ends a statement after so long, and a wait for a row's lock; the client gives up on the server a little later. */
const STATEMENT_MS = 15_000;
const LOCK_MS = 10_000;
const ANSWER_MS = STATEMENT_MS + 5_000;
/** Both, once the run is to stop. */
const STOPPING_MS = 2_500;

/**
 * How every transaction begins, whatever the defaults of server, database and role are: it may write, a row that was waited for is seen as
 * it is then, and COMMIT answers once it is durable (a server that promises more is not asked for less). Settings end with the transaction,
 * so that they hold behind a pooler too.
 */
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true),
  set_config('statement_timeout', '${STATEMENT_MS}', true), set_config('lock_timeout', '${LOCK_MS}', true),
  set_config('idle_in_transaction_session_timeout', '${ANSWER_MS}', true)`;

/** Asks one statement, with its values bound. */
export type Ask = <Row extends QueryResultRow>(sql: string, values: readonly unknown[]) => Promise<QueryResult<Row>>;

export interface SessionOptions {
  /** Its name, without the password. */
  readonly ledger: string;
  /** Aborted when the run is to stop: it is tried less long then. */
  readonly stop?: AbortSignal;
  readonly patience?: Patience;
}

/**
 * One session on the server of a ledger, opened again where it is lost. Steps take turns. A step that failed for a reason that passes is
 * repeated from its beginning; so is one of which nobody knows whether it was committed, because its answer was lost. Therefore each begins
 * by looking, and changes nothing where what it would do is done.
 */
export class Session implements AsyncDisposable {
  readonly address: LedgerAddress;
  readonly #options: SessionOptions;
  readonly #patience: Patience;
  #connected: Connected | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #opened = false;
  #failed: AtlasError | null = null;
  #over = false;

  constructor(address: LedgerAddress, options: SessionOptions) {
    this.address = address;
    this.#options = options;
    this.#patience = options.patience ?? PATIENCE;
  }

  /** One statement that changes nothing. Fails with ATLAS_LEDGER_*. */
  async read<Row extends QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#step('read', async (connected) => (await this.#answer<Row>(connected, sql, values)).rows);
  }

  /** All of `work` in one transaction, durable when this resolves, or nothing of it. `work` may be called again. Fails with ATLAS_LEDGER_*. */
  async write<T>(what: string, work: (ask: Ask) => Promise<T>): Promise<T> {
    return this.#step(what, async (connected) => {
      const ask: Ask = (sql, values) => this.#answer(connected, sql, values);
      await this.#answer(connected, BEGIN);
      try {
        const result = await work(ask);
        await this.#answer(connected, 'COMMIT');
        return result;
      } catch (error) {
        await this.#rollBack(connected);
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn;
    this.#over = true;
    if (this.#connected) await farewell(this.#connected);
    this.#connected = null;
  }

  /** What the server answers to one statement; where it answers nothing for too long, the session is over. */
  async #answer<Row extends QueryResultRow>(
    connected: Connected,
    sql: string,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    const { client } = connected;
    const giveUp = (ms: number) => setTimeout(() => connected.drop(new Error('the server does not answer')), ms);
    const { stop } = this.#options;
    let timer = giveUp(this.#isStopping() ? STOPPING_MS : ANSWER_MS);
    const hurry = (): void => {
      clearTimeout(timer);
      timer = giveUp(STOPPING_MS);
    };
    stop?.addEventListener('abort', hurry);
    try {
      return await (values === undefined ? client.query<Row>(sql) : client.query<Row>(sql, [...values]));
    } finally {
      clearTimeout(timer);
      stop?.removeEventListener('abort', hurry);
    }
  }

  async #rollBack(connected: Connected): Promise<void> {
    try {
      if (connected.lost() === null) await this.#answer(connected, 'ROLLBACK');
    } catch (error) {
      connected.drop(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #step<T>(what: string, step: (connected: Connected) => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => this.#repeating(what, step));
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #repeating<T>(what: string, step: (connected: Connected) => Promise<T>): Promise<T> {
    if (this.#over) throw defect(`the ledger at ${this.#options.ledger} is closed`);
    if (this.#failed && this.#isStopping()) throw this.#failed;
    const start = performance.now();
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await step(await this.#session());
        this.#opened = true;
        this.#failed = null;
        return result;
      } catch (error) {
        const remedy = remedyOf(error);
        if (remedy === 'reconnect') this.#drop();
        const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random());
        if (remedy === 'none' || performance.now() - start + pause > this.#limit()) {
          const told = ledgerError(error, this.#scene(what));
          // a server that was waited for in vain is not waited for as long by each step that follows
          this.#failed = remedy === 'none' ? null : told;
          throw told;
        }
        await sleep(pause);
      }
    }
  }

  #limit(): number {
    const { opening, working, stopping } = this.#patience;
    if (!this.#opened) return opening;
    return this.#failed || this.#isStopping() ? stopping : working;
  }

  #isStopping(): boolean {
    return this.#options.stop?.aborted ?? false;
  }

  async #session(): Promise<Connected> {
    if (this.#connected?.lost()) this.#drop();
    const connectMs = Math.min(this.address.connectMs, this.#isStopping() ? STOPPING_MS : Number.POSITIVE_INFINITY);
    this.#connected ??= await connect({ ...this.address, connectMs });
    return this.#connected;
  }

  #drop(): void {
    this.#connected?.drop(new Error('the session was given up'));
    this.#connected = null;
  }

  #scene(what: string): ErrorScene {
    const { user, database, schema, password } = this.address;
    return { what: this.#opened ? what : 'open', ledger: this.#options.ledger, user, database, schema, password };
  }
}

/** A defect of the ledger itself, or of who uses it. */
export function defect(message: string): AtlasError {
  return new AtlasError('ATLAS_INTERNAL', message);
}
