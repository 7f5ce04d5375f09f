import { setTimeout as sleep } from 'node:timers/promises';
import { childPids } from '../services/child-pids.ts';
import type { ClickhouseFault, ClickhouseRequest } from '../services/clickhouse/clickhouse-fault.ts';
import type { ClickhouseFaultProxy } from '../services/clickhouse/clickhouse-fault-proxy.ts';
import type { ClickhouseService } from '../services/clickhouse/clickhouse-service.ts';
import { type DeathAtCall, killAtCall } from '../services/clickhouse/kill-at-call.ts';
import { lives } from '../services/lives.ts';
import type { ClickhouseSite, SiteRun } from './clickhouse-site.ts';
import type { Dice } from './crash-moments.ts';

/** Most runs until one must have published. */
const TRIES = 25;
/** What no fault of a server may bring about: somebody would have to look. */
const STUCK =
  /ATLAS_(?:CH_COMMIT_UNKNOWN|TARGET_CONFLICT|INTERNAL|ROWS_UNACCOUNTED|VERIFY_FAILED|LOCK_LOST|TARGET_LOCKED)/;
/** The statements that put rows before readers. */
const PUBLISHES = /^\s*(?:EXCHANGE|RENAME|ALTER\s+TABLE[\s\S]*\b(?:MOVE|REPLACE|ATTACH|DROP)\s+PART)/i;

/** What a trial found: nothing, where every promise was kept. */
export interface Verdict {
  readonly problems: readonly string[];
  /** Runs of the command that it took. */
  readonly runs: number;
}

/** Lets a share of all answers and bodies be lost, and runs until the load is there. Late arrivals are `late`'s part in it. */
export async function loseAnswers(
  site: ClickhouseSite,
  proxy: ClickhouseFaultProxy,
  dice: Dice,
  share: number,
): Promise<Verdict> {
  const problems: string[] = [];
  proxy.keeper = ({ kind }) => {
    const most = kind === 'insert' ? share : share / 6;
    return dice.roll(10_000) < most * 10_000 ? lossOf(kind, dice) : null;
  };
  let runs = 0;
  for (let over = false; !over; ) {
    runs += 1;
    // the last ones go undisturbed: something must come of it
    if (runs === TRIES) proxy.keeper = () => null;
    const ended = await site.run();
    await proxy.settled();
    over = ended.code === 0 || runs === TRIES + 2;
    // the answer that a table was dropped may be lost, too: what is left then is found by the next run
    problems.push(...(await check(site, ended, over, { tidy: false })));
  }
  return { problems, runs };
}

function lossOf(kind: ClickhouseRequest['kind'], dice: Dice): ClickhouseFault {
  const losses: ClickhouseFault[] = [{ kind: 'lose-answer' }, { kind: 'lose-early' }, { kind: 'cut-answer' }];
  if (kind === 'insert')
    losses.push({ kind: 'reset-body', after: dice.roll(20_000) }, { kind: 'late', ms: dice.roll(50) });
  return dice.pick(losses);
}

/** What a failing server says. */
const REFUSALS: readonly ClickhouseFault[] = [
  { kind: 'refuse', code: 243, name: 'NOT_ENOUGH_SPACE' },
  { kind: 'refuse', code: 241, name: 'MEMORY_LIMIT_EXCEEDED' },
  { kind: 'refuse', code: 252, name: 'TOO_MANY_PARTS' },
  { kind: 'refuse', code: 1000, name: 'POCO_EXCEPTION' },
  { kind: 'gateway', status: 502 },
  { kind: 'reset-body', after: 3_000 },
  { kind: 'reset-body', after: 1e9 },
  { kind: 'lose-answer' },
  { kind: 'cut-answer' },
];

/** Fails every block from the `block`th on (from 0): the run fails, and no reader ever sees a row of it. Then it passes. */
export async function failFrom(
  site: ClickhouseSite,
  proxy: ClickhouseFaultProxy,
  block: number,
  dice: Dice,
): Promise<Verdict> {
  const fault = dice.pick(REFUSALS);
  proxy.restart();
  proxy.keeper = ({ kind, nth }) => (kind === 'insert' && nth >= block ? fault : null);
  await using reader = new PollingReader(site);
  const failed = await site.run();
  await proxy.settled();
  const problems = failed.code === 0 ? [`the run says that it published: ${failed.out}`] : [];
  problems.push(...(await check(site, failed, false)));
  if (reader.seen.size > 1) problems.push(`a reader saw ${[...reader.seen].join(', ')} while it failed`);
  proxy.keeper = () => null;
  const passed = await site.run();
  problems.push(...(await check(site, passed, true)));
  const { before, after } = site.counts;
  const partly = [...reader.seen].filter((count) => count !== before && count !== after);
  if (partly.length > 0) problems.push(`a reader saw ${partly.join(', ')} rows`);
  return { problems: problems.map((problem) => `${JSON.stringify(fault)} at block ${block}: ${problem}`), runs: 2 };
}

/** Counts the rows of a table again and again, past every proxy. */
class PollingReader implements AsyncDisposable {
  readonly seen = new Set<number>();
  #over = false;
  readonly #reading: Promise<void>;

  constructor(site: ClickhouseSite) {
    this.#reading = this.#read(site);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    await this.#reading;
  }

  async #read(site: ClickhouseSite): Promise<void> {
    while (!this.#over) {
      const [row] = await site.query('SELECT toInt32(count()) AS n FROM t');
      this.seen.add(Number(row?.['n']));
      await sleep(2);
    }
  }
}

/** When an engine dies. */
export type EngineMoment =
  /** At the `when`th call of a thread, from the `nth` statement on that publishes. */
  | { readonly at: 'call'; readonly calls: readonly string[]; readonly when: number; readonly nth: number }
  /** So many milliseconds after the `index`th request came. */
  | { readonly at: 'time'; readonly index: number; readonly ms: number };

/** System calls by which parts and tables get their places. */
export const MOVES: readonly (readonly string[])[] = [
  ['rename', 'renameat', 'renameat2'],
  ['link', 'linkat'],
  ['unlink', 'unlinkat', 'rmdir'],
  ['fsync', 'fdatasync'],
  ['mkdir', 'mkdirat'],
];

/** Kills the engine in the midst of a run, starts it again, and runs again until the load is there. */
export async function killEngine(
  site: ClickhouseSite,
  proxy: ClickhouseFaultProxy,
  service: ClickhouseService,
  moment: EngineMoment,
): Promise<Verdict & { readonly fell: boolean }> {
  let death: DeathAtCall | null = null;
  let fell = false;
  let publishing = 0;
  proxy.restart();
  proxy.keeper = async ({ index, sql }) => {
    if (moment.at === 'time' && index === moment.index) {
      void sleep(moment.ms).then(async () => {
        fell = true;
        await service.kill();
      });
    }
    if (moment.at === 'call' && PUBLISHES.test(sql) && death === null && publishing++ === moment.nth) {
      death = await killAtCall(service.pid, moment.calls, moment.when);
    }
    return null;
  };
  const ended = await site.run();
  const struck = death as DeathAtCall | null;
  await struck?.[Symbol.asyncDispose]();
  fell ||= struck?.struck === true;
  proxy.keeper = () => null;
  await service.restart();
  const problems = [...(await check(site, ended, false, { died: true }))];
  let runs = 1;
  for (let over = ended.code === 0; !over; ) {
    const again = await site.run();
    runs += 1;
    over = again.code === 0 || runs === 4;
    problems.push(...(await check(site, again, over, { died: again.code !== 0 })));
  }
  return { problems, runs, fell };
}

/** When the embedded engine dies: at a call of one of its threads, or so many milliseconds after its process came to be. */
export type EmbeddedMoment =
  | { readonly at: 'call'; readonly calls: readonly string[]; readonly when: number }
  | { readonly at: 'time'; readonly ms: number };

/**
 * Kills the process of the embedded engine in the midst of a run whose data are those of a service that is not running, and runs again
 * until the load is there. The service runs before and after.
 */
export async function killEmbeddedEngine(
  site: ClickhouseSite,
  service: ClickhouseService,
  moment: EmbeddedMoment,
): Promise<Verdict & { readonly fell: boolean }> {
  await service.kill();
  let fell = false;
  const killing: Promise<DeathAtCall | null>[] = [];
  const kill = async (run: number): Promise<DeathAtCall | null> => {
    let engine: number | undefined;
    while (engine === undefined && lives(run)) {
      await sleep(2);
      [engine] = childPids(run);
    }
    if (engine === undefined) return null;
    if (moment.at === 'call') return killAtCall(engine, moment.calls, moment.when);
    await sleep(moment.ms);
    if (childPids(run).includes(engine)) fell = process.kill(engine, 'SIGKILL');
    return null;
  };
  const ended = await site.run([], (run) => killing.push(kill(run)));
  const [death = null] = await Promise.all(killing);
  await death?.[Symbol.asyncDispose]();
  fell ||= death?.struck === true;
  const problems: string[] = [];
  let last = ended;
  let runs = 1;
  for (; last.code !== 0 && runs < 4; runs += 1) {
    await service.start();
    problems.push(...(await check(site, last, false, { died: true })));
    await service.kill();
    last = await site.run();
  }
  await service.start();
  problems.push(...(await check(site, last, true)));
  return { problems, runs, fell };
}

/**
 * What is wrong after a run: `last` = nothing may be left to do. A server that `died` while it moved a partition may have moved a part of
 * it, until the next run. `tidy` = no table of a run may be left.
 */
async function check(
  site: ClickhouseSite,
  { code, err }: SiteRun,
  last: boolean,
  { died = false, tidy = last } = {},
): Promise<readonly string[]> {
  const problems: string[] = [];
  const holding = await site.look();
  const said = `exit ${code}: ${err.trim().slice(-1500)}`;
  if (typeof holding === 'object') problems.push(`${holding.wrong}; ${said}`);
  if (holding === 'torn' && !died) problems.push(`a part of a partition is there; ${said}`);
  if (code === 0 && holding !== 'after')
    problems.push(`it says that it published, and the table holds what it did ${holding} it; ${said}`);
  if (STUCK.test(err)) problems.push(`it cannot be run again: ${said}`);
  if (last) {
    if (code !== 0) problems.push(`it never came to an end: ${said}`);
  }
  if (tidy) {
    const left = await site.leftovers();
    if (left.length > 0) problems.push(`left behind: ${left.join(', ')}`);
  }
  return problems;
}
