import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import type { ClickhouseServer } from '../../src/sink/clickhouse/server/clickhouse-server.ts';
import type { Fault, Harm, Sent } from '../sink/clickhouse/faulty-server.ts';
import { openTestEngine } from '../sink/clickhouse/table-bed.ts';
import { Killed } from './mortal.ts';
import { TableLawBed } from './table-law-bed.ts';

let server: ClickhouseServer;
beforeAll(async () => {
  server = await openTestEngine();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Every how many moments one is tried; `ATLAS_TORTURE=1` tries all. */
const STRIDE = process.env['ATLAS_TORTURE'] ? 1 : 11;

const OLD = [
  [1, 0],
  [2, 1],
  [3, 2],
  [4, 1],
] as const;
const NEW = [
  [11, 0],
  [12, 1],
  [13, 1],
  [14, 1],
  [15, 3],
] as const;
const ids = (rows: readonly (readonly [number, number])[]): readonly number[] => rows.map(([id]) => id);

const CASES = [
  ['append by its only writer', { mode: 'append', exclusive: true, blockRows: 2 }, [...ids(OLD), ...ids(NEW)]],
  ['append beside others', { mode: 'append', exclusive: false, blockRows: 2 }, [...ids(OLD), ...ids(NEW)]],
  ['append past views', { mode: 'append', onViews: 'direct', blockRows: 2 }, [...ids(OLD), ...ids(NEW)]],
  ['overwrite', { mode: 'overwrite', exclusive: false, blockRows: 2 }, ids(NEW)],
  ['replace_partitions', { mode: 'replace_partitions', exclusive: true, blockRows: 2 }, [3, ...ids(NEW)]],
] as const;

/** Dies at one of the statements that change something, before or after it is carried out. */
function death(at: number, when: 'before' | 'after'): Harm & { readonly steps: string[] } {
  let isDead = false;
  const steps: string[] = [];
  const die = (): never => {
    isDead = true;
    throw new Killed();
  };
  return {
    steps,
    before: ({ index, sql }: Sent): Fault => {
      if (isDead) throw new Killed();
      steps.push(sql);
      return index === at && when === 'before' ? die() : 'none';
    },
    after: ({ index }: Sent): void => {
      if (index === at && when === 'after') die();
    },
  };
}

describe.each(CASES)('the law, for a ClickHouse table: %s', (_name, options, wanted) => {
  async function prepared(): Promise<TableLawBed> {
    const bed = new TableLawBed(server, options);
    await bed.load('old', OLD);
    if ('onViews' in options) {
      const view = `${bed.live.slice(0, -1)}_view\``;
      await bed.command(
        `CREATE MATERIALIZED VIEW ${view} ENGINE = MergeTree ORDER BY id AS SELECT id FROM ${bed.live}`,
      );
    }
    expect(await bed.ids()).toEqual(ids(OLD));
    return bed;
  }

  /** Afterwards the table is what it was or what it was to be, the ledger says which, nothing is left, and looking again changes nothing. */
  async function judge(bed: TableLawBed, what: string): Promise<boolean> {
    const ledger = await bed.ledger;
    const now = await bed.ids();
    expect([ids(OLD), wanted], what).toContainEqual(now);
    const isNew = JSON.stringify(now) === JSON.stringify(wanted);
    const receipts = await ledger.receipts('new');
    expect(
      receipts.map(({ outcome }) => outcome),
      what,
    ).toEqual(isNew ? ['published'] : []);
    expect(await bed.recover(), what).toEqual([]);
    expect(await bed.ids(), what).toEqual(now);
    expect(await bed.leftovers(), what).toEqual([]);
    expect(await ledger.pending(bed.sink().target), what).toEqual([]);
    return isNew;
  }

  async function steps(): Promise<readonly string[]> {
    await using bed = await prepared();
    const harm = death(Number.POSITIVE_INFINITY, 'before');
    await bed.load('new', NEW, { harm });
    expect(await judge(bed, 'nothing happened')).toBe(true);
    return harm.steps;
  }

  it('whenever run and recovery die, the table is what it was or what it was to be', async () => {
    const moments = { old: 0, new: 0 };
    const all = await steps();
    // among them right after the step that publishes
    const published =
      2 * all.findLastIndex((sql) => /^EXCHANGE| MOVE PARTITION |^INSERT INTO .* SELECT /.test(sql)) + 1;
    for (let at = 0; at < 2 * all.length; at += 1) {
      if (at % STRIDE !== 0 && at !== published) continue;
      const when = at % 2 === 0 ? 'before' : 'after';
      const index = at >> 1;
      const what = `died ${when} ${all[index]}`;
      await using bed = await prepared();
      const ended = await bed.load('new', NEW, { harm: death(index, when) }).catch((error: unknown) => error);
      if (index < all.length - 2) expect(ended, what).toBeInstanceOf(Killed);
      const harm = death(at % 5, at % 3 === 0 ? 'before' : 'after');
      await bed.recover({ harm }).catch((error: unknown) => expect(error, what).toBeInstanceOf(Killed));
      await bed.recover();
      moments[(await judge(bed, what)) ? 'new' : 'old'] += 1;
    }
    expect(moments.old).toBeGreaterThan(0);
    expect(moments.new).toBeGreaterThan(0);
  }, 300_000);

  it('whatever answer is lost, carried out now, late or never, rows are there once or not at all', async () => {
    const all = await steps();
    const faults: readonly Fault[] = ['lost-done', 'lost-late', 'lost-never', 'refuse'];
    for (let at = 0; at < faults.length * all.length; at += STRIDE + 2) {
      const fault = faults[at % faults.length] as Fault;
      const index = Math.floor(at / faults.length);
      const what = `${fault}: ${all[index]}`;
      await using bed = await prepared();
      const harm: Harm = {
        before: async (sent) => {
          // some are later than others
          if (sent.index === index + 1 + (at % 3)) await bed.arrive();
          return sent.index === index ? fault : 'none';
        },
      };
      const ended = await bed.load('new', NEW, { harm }).catch((error: unknown) => error);
      if (ended instanceof Error) expect(ended, what).toBeInstanceOf(AtlasError);
      else expect(ended, what).toMatchObject({ outcome: 'published' });
      if (at % 2 === 0) await bed.arrive();
      await bed.recover();
      await bed.arrive();
      await judge(bed, what);
    }
  }, 300_000);
});
