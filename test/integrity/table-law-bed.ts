import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../src/flow/ledger.ts';
import type { Receipt } from '../../src/flow/receipt.ts';
import type { Sink, TargetLock } from '../../src/flow/sink.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { publishStaged } from '../../src/run/publish-staged.ts';
import { type Recovery, settlePending } from '../../src/run/settle-pending.ts';
import type { ClickhouseServer } from '../../src/sink/clickhouse/server/clickhouse-server.ts';
import { receiptOf } from '../conformance/ledger/describe-ledger.ts';
import { FaultyServer, type Harm } from '../sink/clickhouse/faulty-server.ts';
import { type BedOptions, TableBed, through } from '../sink/clickhouse/table-bed.ts';
import { type Life, mortal } from './mortal.ts';

type Rows = readonly (readonly [number, number])[];

/** What may happen to a run or a recovery; nothing where it is left out. */
export interface Fate {
  readonly harm?: Harm;
  readonly life?: Life;
}

/** A table, a ledger, and runs over them whose statements may be harmed, and which may die. */
export class TableLawBed extends TableBed {
  readonly ledger: Promise<Ledger>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'atlas-table-law-'));
  readonly #servers: FaultyServer[] = [];

  constructor(server: ClickhouseServer, options: BedOptions = {}) {
    super(server, options);
    this.ledger = openSqliteLedger(join(this.#folder, 'ledger.sqlite'));
  }

  /** Settles what is pending, then publishes these rows; what a run does, without a source. */
  load(run: string, rows: Rows, fate: Fate = {}): Promise<Receipt> {
    return this.#underLock(run, fate, async (sink, lock, ledger) => {
      await settlePending({ sink, ledger, lock, force: false, signal: through.signal });
      await sink.check(through);
      const staged = await this.stage(sink, run, await this.fragments(rows, 2));
      const count = staged.rows - (staged.rowsBefore ?? 0);
      const counts = { read: count, published: count, rejected: 0, deduplicated: 0, excluded: 0 };
      const receipt = receiptOf(run, 'set', { rows: counts });
      return publishStaged({ sink, kind: 'clickhouse', ledger, lock, staged, receipt, signal: through.signal });
    });
  }

  /** Settles what is pending, and nothing else. */
  recover(fate: Fate = {}): Promise<readonly Recovery[]> {
    return this.#underLock('recovery', fate, (sink, lock, ledger) =>
      settlePending({ sink, ledger, lock, force: false, signal: through.signal }),
    );
  }

  /** Requests that were under way all the time are carried out now. */
  async arrive(): Promise<void> {
    for (const server of this.#servers) await server.arrive();
  }

  async #underLock<T>(
    run: string,
    { harm, life }: Fate,
    work: (sink: Sink, lock: TargetLock, ledger: Ledger) => Promise<T>,
  ): Promise<T> {
    const ledger = await this.ledger;
    const server = new FaultyServer(this.server, harm ?? { before: () => 'none' });
    this.#servers.push(server);
    await using _open = server;
    // whose process died is not asked to give it back: that it does is the test's own doing
    await using lock = await this.sink().lock(run, through);
    await using sink = this.sink({ server });
    return await work(sink, lock, life === undefined ? ledger : mortal(ledger, life));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.ledger)[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
