import type { ColumnSet } from '../../flow/drift.ts';

/** A column and the inputs that tell something about it. */
export interface ColumnPlaces {
  readonly name: string;
  readonly has: readonly string[];
  readonly lacks: readonly string[];
}

/** How the columns of the inputs differ, among themselves and from those of an earlier run. */
export interface ColumnComparison {
  /** All names, each as often as in the input that has it most often, in order of first appearance. */
  readonly union: readonly string[];
  /** Columns that not all inputs have (or not as often), each once. */
  readonly partial: readonly ColumnPlaces[];
  /** Columns that the earlier run had not, and those that no input has any more, each once. */
  readonly appeared: readonly ColumnPlaces[];
  readonly gone: readonly string[];
}

/** Compares by name, never by order; `before` null compares with nothing. Pure. */
export function compareColumns(sets: readonly ColumnSet[], before: readonly string[] | null): ColumnComparison {
  const counted = sets.map(({ names, inputs }) => ({ counts: countNames(names), inputs }));
  const most = new Map<string, number>();
  const union: string[] = [];
  for (const { counts } of counted) {
    for (const [name, count] of counts) {
      for (let have = most.get(name) ?? 0; have < count; have += 1) union.push(name);
      most.set(name, Math.max(most.get(name) ?? 0, count));
    }
  }
  const places = (name: string): ColumnPlaces => {
    const wanted = most.get(name) ?? 0;
    const has = counted.filter(({ counts }) => (counts.get(name) ?? 0) >= wanted);
    const lacks = counted.filter(({ counts }) => (counts.get(name) ?? 0) < wanted);
    return { name, has: has.flatMap(({ inputs }) => inputs), lacks: lacks.flatMap(({ inputs }) => inputs) };
  };
  const isPartial = (name: string): boolean =>
    counted.some(({ counts }) => (counts.get(name) ?? 0) < (most.get(name) ?? 0));
  const names = [...most.keys()];
  const old = countNames(before ?? []);
  const compares = before !== null && sets.length > 0;
  return {
    union,
    partial: names.filter(isPartial).map(places),
    appeared: compares ? names.filter((name) => (most.get(name) ?? 0) > (old.get(name) ?? 0)).map(places) : [],
    gone: compares ? [...old.keys()].filter((name) => (most.get(name) ?? 0) < (old.get(name) ?? 0)) : [],
  };
}

function countNames(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
