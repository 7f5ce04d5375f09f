import type { FeaturePlan, SourcePlan } from '../../flow/dataset-plan.ts';
import type { ColumnProfile, InputProfile } from '../../flow/profile.ts';
import { readsByName } from '../names-columns.ts';

/** The profiles of one column in all inputs that have it. */
export interface ProfiledColumns {
  named(name: string): readonly ColumnProfile[];
  /** What the feature at `index` reads: by name, or by position where the source has no names; none for a constant. */
  of(feature: FeaturePlan, index: number): readonly ColumnProfile[];
}

/** Gathers the profiles of all inputs by column. */
export function columnsByName(source: SourcePlan, profiles: readonly InputProfile[]): ProfiledColumns {
  const byName = new Map<string, ColumnProfile[]>();
  const byPosition = new Map<number, ColumnProfile[]>();
  for (const column of profiles.flatMap(({ columns }) => columns)) {
    gather(byName, column.name, column);
    gather(byPosition, column.position, column);
  }
  const positions = new Map<number, number>();
  for (const [index, { constant }] of source.features.entries()) {
    if (constant === null) positions.set(index, positions.size);
  }
  const named = (name: string): readonly ColumnProfile[] => byName.get(name) ?? [];
  return {
    named,
    of: (feature, index) => {
      if (feature.constant !== null) return [];
      if (readsByName(source)) return named(feature.from);
      return byPosition.get(positions.get(index) ?? -1) ?? [];
    },
  };
}

function gather<Key>(map: Map<Key, ColumnProfile[]>, key: Key, column: ColumnProfile): void {
  const known = map.get(key);
  if (known) known.push(column);
  else map.set(key, [column]);
}
