import { AtlasError, type Problem } from '../../errors.ts';
import type { FeaturePlan, ParquetSourcePlan } from '../../flow/dataset-plan.ts';
import { describeMissingColumn } from '../../metadata/describe-missing-column.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import { type Mismatch, matchFeature, type Taking } from './column/match-feature.ts';
import type { ParquetFile } from './file/parquet-file.ts';
import { exactType } from './schema/column-kind.ts';
import type { Leaf, SchemaNode } from './schema/schema-node.ts';

/** What a feature takes of a file; null where it is a constant, `missing` where the file has no such column. */
export type Binding = { readonly node: SchemaNode; readonly taking: Taking } | 'missing' | null;

/** Finds the column of every feature by name. Fails with all that is wrong at once: ATLAS_PARQUET_*, ATLAS_PLAN_LOSSY. */
export function bindFeatures(file: ParquetFile, path: string, plan: ParquetSourcePlan): readonly Binding[] {
  const problems: Problem[] = [];
  const bindings = plan.features.map((feature): Binding => {
    if (feature.constant !== null) return null;
    const found = file.columns.filter(({ name }) => name === feature.from);
    const [node] = found;
    const place = { file: path, column: feature.from };
    if (node === undefined) {
      if (plan.missingColumns === 'null') return 'missing';
      problems.push(missing(feature, file, place));
      return 'missing';
    }
    if (found.length > 1) {
      const message = `column ${JSON.stringify(feature.from)} stands ${found.length} times in the file`;
      problems.push({ code: 'ATLAS_PARQUET_COLUMN', message, place, hint: 'Rename one of them in the file.' });
      return 'missing';
    }
    const taking =
      plan.own === true ? (otherType(node, feature) ?? matchFeature(node, feature)) : matchFeature(node, feature);
    if ('code' in taking) {
      problems.push({ ...taking, place });
      return 'missing';
    }
    return { node, taking };
  });
  const [first] = problems;
  if (first === undefined) return bindings;
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  const { code, place, hint } = first;
  throw new AtlasError(code, `${path}: ${first.message}${more}`, { place, hint, problems });
}

/** A column that is not as it is in the file whose columns were taken. */
function otherType({ leaf }: SchemaNode, { name, type }: FeaturePlan): Mismatch | null {
  const exact = leaf === null ? null : exactType(leaf.kind);
  if (exact === null || nameLogicalType(exact) === nameLogicalType(type)) return null;
  const [here, taken] = [nameLogicalType(exact), nameLogicalType(type)];
  const message = `column ${JSON.stringify(name)} is ${here}, in the first file it is ${taken}`;
  return { code: 'ATLAS_PARQUET_TYPE', message, hint: 'List the features, with a type that holds both.' };
}

function missing({ from }: FeaturePlan, { columns }: ParquetFile, place: Problem['place']): Problem {
  const message = describeMissingColumn(
    from,
    columns.map(({ name }) => name),
  );
  return { code: 'ATLAS_PARQUET_COLUMN', message, place, hint: 'Set `from` to the name in the file.' };
}

/** All leaves below a node, in order. */
export function leavesOf(node: SchemaNode): readonly Leaf[] {
  return node.leaf === null ? node.children.flatMap(leavesOf) : [node.leaf];
}

/** Numbers of the leaves that features take. */
export function takenLeaves(bindings: readonly Binding[]): ReadonlySet<number> {
  const nodes = bindings.flatMap((binding) => (binding === null || binding === 'missing' ? [] : [binding.node]));
  return new Set(nodes.flatMap((node) => leavesOf(node).map(({ index }) => index)));
}
