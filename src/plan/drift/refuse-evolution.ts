import { AtlasError, CODES, type Problem } from '../../errors.ts';
import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import { nameLogicalType, parseLogicalType } from '../../metadata/logical-type.ts';
import { widenType } from '../infer/widen-type.ts';
import type { DriftVerdict, LastRun } from './judge-drift.ts';
import { nameColumn } from './name-columns.ts';

const LISTED = 20;
const HINT = 'Declare a feature for it (from names the column), or set on_drift to ignore.';

/**
 * Fails with ATLAS_DRIFT_IMPOSSIBLE where a column cannot become a feature of its own name, or a declared type and that of the last
 * schema have no type in common. `names`: the columns that are to be features beyond the declared ones.
 */
export function refuseEvolution(
  plan: DatasetPlan,
  { comparison, files }: DriftVerdict,
  names: readonly string[],
  last: LastRun | null,
): void {
  const declared = new Map(plan.source.features.map((feature) => [feature.name, feature]));
  const seen = new Set<string>();
  const twice = new Set(comparison.union.filter((name) => seen.size === seen.add(name).size));
  const problems: Problem[] = [];
  const add = (message: string, hint = HINT): void => {
    problems.push({ code: 'ATLAS_DRIFT_IMPOSSIBLE', message, place: {}, hint });
  };
  for (const name of names) {
    const feature = declared.get(name);
    if (feature !== undefined) {
      const reads = feature.constant === null ? nameColumn(feature.from) : 'a constant';
      add(`${nameColumn(name)} cannot be added: feature ${name} is ${reads}`);
    } else if (name === '') add('a column without a name cannot be added', 'Name it, or set on_drift to ignore.');
    else if (/[\p{Cc}\p{Cs}]/u.test(name))
      add(`${nameColumn(name)} cannot be added: its name holds a control character`);
    else if (twice.has(name))
      add(`${nameColumn(name)} cannot be added: it stands twice in one file`, 'Rename one, or set on_drift to ignore.');
  }
  for (const { name, type } of last?.schema ?? []) {
    const feature = declared.get(name);
    const was = parseLogicalType(type);
    if (feature === undefined || 'problem' in was || widenType(feature.type, was) !== null) continue;
    const is = nameLogicalType(feature.type);
    add(
      `feature ${name} is ${is}, run ${last?.run} published it as ${type}, and no type holds both`,
      `Declare ${type}, or set on_drift to fail or ignore.`,
    );
  }
  const [first] = problems;
  if (first === undefined) return;
  const what = files === 1 ? plan.source.path : `${files} files of ${plan.source.path}`;
  const more = problems.length > 1 ? `; and ${problems.length - 1} more` : '';
  throw new AtlasError('ATLAS_DRIFT_IMPOSSIBLE', `${what}: ${first.message}${more}`, {
    hint: first.hint ?? CODES.ATLAS_DRIFT_IMPOSSIBLE.hint,
    problems: problems.slice(0, LISTED),
  });
}
