import { AtlasError } from '../../errors.ts';
import type { DatasetPlan, IncrementalPlan, IncrementalRange, TableSourcePlan } from '../../flow/dataset-plan.ts';
import { describeKind } from '../../flow/describe-kind.ts';
import type { Ledger } from '../../flow/ledger.ts';
import { parseStep } from '../../flow/parse-step.ts';
import { comparePoints, movePoint, parsePoint } from '../../flow/point.ts';
import type { Sink } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import { spellPoint, spellValue } from '../../flow/spell-point.ts';
import { beginChunk } from './begin-chunk.ts';
import type { Beginning, StateFacts } from './beginning.ts';
import { describeUser } from './describe-user.ts';
import type { IncrementalOrder } from './incremental-order.ts';
import { sourceKey } from './source-key.ts';

/** What the decision where to begin is made of. */
export interface BeginOptions extends Abortable {
  /** null: a sample, which knows nothing and remembers nothing; or nothing has run yet. */
  readonly ledger: Ledger | null;
  /** null of a sample. */
  readonly sink: Pick<Sink, 'target' | 'isEmpty'> | null;
  /** null: at the watermark. */
  readonly order: IncrementalOrder | null;
  readonly force: boolean;
}

/** The incremental source of a plan, or null. */
export function incrementalOf({
  source,
}: DatasetPlan): (TableSourcePlan & { readonly incremental: IncrementalPlan }) | null {
  if ((source.type !== 'postgresql' && source.type !== 'mysql') || source.incremental === null) return null;
  return { ...source, incremental: source.incremental };
}

/**
 * Decides where a run of an incremental dataset begins, by the ledger and the target; null for a dataset that is not incremental. Changes
 * nothing. Call it under the lock of the target, once what was interrupted is settled. Fails with ATLAS_STATE_*.
 */
export async function beginAt(plan: DatasetPlan, options: BeginOptions): Promise<Beginning | null> {
  const source = incrementalOf(plan);
  if (source === null) return null;
  const { ledger, sink, order } = options;
  const { incremental } = source;
  const key = sourceKey(source);
  const first = firstBeginning(incremental, key);
  if (sink === null) return first;
  const known = (await ledger?.watermarks(plan)) ?? [];
  const here = known.filter(({ target }) => target === sink.target);
  const facts: StateFacts = {
    ...{ ocs: plan.ocs, dataset: plan.dataset, target: sink.target },
    own: here.find((each) => each.source === key) ?? null,
    others: here.filter((each) => each.source !== key),
    elsewhere: known.filter(({ target }) => target !== sink.target),
  };
  if (order?.kind === 'full_refresh') {
    const notes = ['full refresh: all rows are read, and replace everything that is at the target'];
    return { ...first, how: 'full_refresh', before: facts.own?.value ?? null, notes };
  }
  if (order?.kind === 'since') return beginSince(order.value, source, facts, first);
  await refuseUnknown(source, facts, options);
  if (order?.kind === 'chunk') {
    const key4 = { ocs: plan.ocs, dataset: plan.dataset, target: sink.target, source: key };
    const published = (await ledger?.backfilled(key4)) ?? [];
    const replaces = plan.destination.mode === 'replace_partitions';
    return beginChunk(order, { incremental, first, facts, published, replaces, force: options.force });
  }
  if (facts.own !== null) return beginAbove(incremental, facts.own, first);
  const [other] = facts.elsewhere;
  const notes = [
    `no watermark yet: ${incremental.initial === null ? 'the run begins at the first row' : `the run begins above ${incremental.initial}`}`,
    ...(other === undefined
      ? []
      : [`another target, ${other.target}, has one of its own: ${other.value ?? 'none yet'}`]),
  ];
  return { ...first, notes };
}

function firstBeginning({ initial, nulls }: IncrementalPlan, source: string): Beginning {
  const range: IncrementalRange = {
    from: initial,
    fromInclusive: false,
    to: null,
    toInclusive: true,
    nulls: nulls === 'include',
  };
  const nothing = { before: null, known: false, done: null, given: null, notes: [] };
  return { how: 'run', range, source, floor: initial, moves: true, ...nothing };
}

/** Goes on above a watermark; `lag` below it. */
function beginAbove(
  incremental: IncrementalPlan,
  { value, floor }: { value: string | null; floor: string | null },
  first: Beginning,
): Beginning {
  const begin = value === null ? floor : lagged(incremental, value, floor);
  const above = begin === null ? 'at the first row' : `above ${begin}`;
  const lag = incremental.lag === null || value === null ? '' : `, ${incremental.lag} below the watermark ${value}`;
  const notes = [`the run begins ${above}${lag}`];
  return { ...first, range: { ...first.range, from: begin }, floor, before: value, known: true, notes };
}

/** Never below where what was published begins. */
function lagged({ kind, lag }: IncrementalPlan, value: string, floor: string | null): string {
  const [point, step] = [parsePoint(kind, value), lag === null ? null : parseStep(kind, lag)];
  if (point === null || step === null) return value;
  const moved = movePoint(point, step, -1n);
  const least = floor === null ? null : parsePoint(kind, floor);
  return least !== null && comparePoints(moved, least) < 0 ? (floor as string) : spellPoint(kind, moved);
}

function beginSince(
  given: string,
  source: TableSourcePlan & { readonly incremental: IncrementalPlan },
  facts: StateFacts,
  first: Beginning,
): Beginning {
  const { incremental, path } = source;
  const { kind, column } = incremental;
  const { own, ocs, dataset, target } = facts;
  if (own !== null) {
    const message = `--since is ${given}, and the watermark is ${own.value ?? 'that of a run without values'}`;
    throw new AtlasError('ATLAS_STATE_KNOWN', message);
  }
  const value = given === 'start' ? null : spellValue(kind, given);
  if (value === null && given !== 'start') throw noValue('--since', given, incremental);
  const floor = value ?? incremental.initial;
  const state = { ocs, dataset, target, source: first.source, path, column, kind, floor, at: new Date().toISOString() };
  const change = { ...state, before: null, after: value, who: describeUser(), why: `run --since ${given}` };
  return { ...beginAbove({ ...incremental, lag: null }, { value, floor }, first), given: change };
}

/** Fails where it cannot be told from the ledger which rows the target holds. */
async function refuseUnknown(
  source: TableSourcePlan & { readonly incremental: IncrementalPlan },
  facts: StateFacts,
  options: BeginOptions,
): Promise<void> {
  const { path, incremental } = source;
  const { own, others, target } = facts;
  const place = { file: target };
  if (own !== null) {
    if (own.kind !== incremental.kind) {
      const message = `the watermark ${own.value} is a ${own.kind}, ${incremental.column} of ${path} is ${incremental.serverType}`;
      throw new AtlasError('ATLAS_STATE_KIND', message, { place });
    }
    const last = own.run === null ? null : ((await options.ledger?.lastAt(target)) ?? null);
    if (last === null || last.files.length === 0 || !(await options.sink?.isEmpty(options))) return;
    const message = `the watermark is ${own.value}, run ${last.run} published ${last.rows.published} rows to ${target}, and nothing is there`;
    throw new AtlasError('ATLAS_STATE_TARGET_EMPTY', message, { place });
  }
  const [other] = others;
  if (other !== undefined) {
    const sameName = other.path === path && other.column === incremental.column;
    const now = sameName
      ? 'the dataset has another query or condition now'
      : `the dataset follows ${incremental.column} of ${path} now`;
    const message = `the watermark of ${target} is ${other.value ?? 'none yet'} in ${other.column} of ${other.path}, and ${now}`;
    throw new AtlasError('ATLAS_STATE_SOURCE', message, { place });
  }
  if (await options.sink?.isEmpty(options)) return;
  throw new AtlasError('ATLAS_STATE_LOST', `${target} is not empty, and the ledger knows no watermark of it`, {
    place,
  });
}

/** That a value given by `flag` is none of the column. */
export function noValue(flag: string, text: string, { kind, column, serverType }: IncrementalPlan): AtlasError {
  return new AtlasError('ATLAS_STATE_VALUE', `${flag} is ${JSON.stringify(text)}, and ${column} is ${serverType}`, {
    hint: `Write ${describeKind(kind)}.`,
  });
}
