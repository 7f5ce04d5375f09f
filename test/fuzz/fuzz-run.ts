import type { Fixture } from '../source/csv/fixture.ts';
import { FuzzDice } from './fuzz-dice.ts';
import { judge } from './fuzz-oracles.ts';
import { type FuzzSeed, fuzzSeed } from './fuzz-plan.ts';
import type { FuzzBed } from './fuzz-reading.ts';
import { minimise } from './minimise.ts';
import { mutate, type Tokens } from './mutate.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** Inputs before the first one: a run can be cut into pieces. */
  readonly from?: number;
  /** Failures after which it stops. */
  readonly most?: number;
  readonly onInput?: (index: number) => void;
  readonly onFailure?: (failure: FuzzFailure) => void;
}

/** An input that broke a promise, as small as it was found to be. */
export interface FuzzFailure {
  readonly seed: number;
  readonly index: number;
  readonly fixture: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly input: Uint8Array;
  readonly problem: string;
}

export interface FuzzReport {
  readonly inputs: number;
  /** Inputs that were refused as a whole, with a named error. */
  readonly refused: number;
  readonly rows: number;
  readonly rejects: number;
  /** Inputs that the twin judged too. */
  readonly twins: number;
  readonly bytes: number;
  readonly failures: readonly FuzzFailure[];
}

/** Inputs that share a plan. */
const BATCH = 8;

/** Mutates fixtures and judges each result; input `index` of a seed is the same in every run. */
export async function fuzz(bed: FuzzBed, fixtures: readonly Fixture[], options: FuzzOptions): Promise<FuzzReport> {
  const single = fixtures.filter(({ bytes }) => bytes !== null && bytes.length < 20_000);
  const from = options.from ?? 0;
  const count = { inputs: 0, refused: 0, rows: 0, rejects: 0, twins: 0, bytes: 0 };
  const failures: FuzzFailure[] = [];
  let known: { readonly group: number; readonly seed: FuzzSeed } = { group: -1, seed: throwSeed(single, bed, 0, 0) };
  for (let index = from; index < from + options.runs; index += 1) {
    const group = Math.floor(index / BATCH);
    if (known.group !== group) known = { group, seed: throwSeed(single, bed, options.seed, group) };
    const { seed } = known;
    const dice = new FuzzDice(options.seed, 2 * index + 1);
    const { bytes, cuts } = throwInput(seed, single, dice);
    options.onInput?.(index);
    const verdict = await judge(bed, bytes, seed.plan, new FuzzDice(cuts));
    count.inputs += 1;
    count.refused += Number(verdict.failed);
    count.rows += verdict.rows;
    count.rejects += verdict.rejects;
    count.twins += Number(verdict.twin);
    count.bytes += bytes.length;
    if (verdict.problem === null) continue;
    const kind = kindOf(verdict.problem);
    const input = await minimise(bytes, async (smaller) => {
      options.onInput?.(index);
      const { problem } = await judge(bed, smaller, seed.plan, new FuzzDice(cuts));
      return problem !== null && kindOf(problem) === kind;
    });
    const { problem } = await judge(bed, input, seed.plan, new FuzzDice(cuts));
    const failure = {
      seed: options.seed,
      index,
      fixture: seed.name,
      source: seed.source,
      input,
      problem: problem ?? verdict.problem,
    };
    failures.push(failure);
    options.onFailure?.(failure);
    if (failures.length >= (options.most ?? 10)) break;
  }
  return { ...count, failures };
}

function throwSeed(fixtures: readonly Fixture[], bed: FuzzBed, seed: number, group: number): FuzzSeed {
  const dice = new FuzzDice(seed, 2 * group);
  for (let tries = 0; tries < 1000; tries += 1) {
    const thrown = fuzzSeed(dice.pick(fixtures), bed.path, dice);
    if (thrown && bed.accepts(thrown.plan)) return thrown;
  }
  throw new Error('the planner refuses every plan');
}

function throwInput(seed: FuzzSeed, fixtures: readonly Fixture[], dice: FuzzDice) {
  const { plan, bytes, afterHeader } = seed;
  const tokens: Tokens = {
    delimiter: plan.delimiter,
    quote: plan.quote,
    escape: plan.escape,
    comment: plan.comment,
    rowByte: typeof plan.rowDelimiter === 'number' ? plan.rowDelimiter : null,
  };
  const other = dice.once(3) ? bytes : (dice.pick(fixtures).bytes ?? bytes);
  const from = dice.once(5) ? 0 : afterHeader;
  return { bytes: mutate(bytes, other, tokens, dice, { from, most: 60_000 }), cuts: dice.next() };
}

/** Failures of one kind are minimised together: the numbers in their texts differ. */
function kindOf(problem: string): string {
  return problem.replace(/[:≠].*/s, '').replaceAll(/\d+|\{.*?\}/g, '');
}
