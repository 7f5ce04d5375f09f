import type { DatasetPlan, FeaturePlan, IncrementalPlan, TableSourcePlan } from '../../flow/dataset-plan.ts';
import type { SqlText } from '../../flow/sql-text.ts';
import type { DescribedColumn, TableDescription } from '../../flow/table-description.ts';
import type { Feature } from '../../metadata/feature-schema.ts';
import { suggest } from '../../metadata/nearest.ts';
import { formatTableName, parseTableName } from '../../metadata/table-name.ts';
import type { TableSource } from '../../metadata/table-source-schema.ts';
import { planConstant } from '../plan-constant.ts';
import { planFeature, typeOfFeature } from '../plan-feature.ts';
import type { Places } from '../resolve-place.ts';
import type { Templates } from '../templates.ts';
import { withoutEnd } from './describe-request.ts';
import { planColumn } from './plan-column.ts';
import { planIncremental } from './plan-incremental.ts';
import { proposeFeatures } from './propose-features.ts';
import { refuseTwins } from './refuse-twins.ts';

/** What a constant of type boolean may be written as. */
const WORDS = { trueValues: ['true'], falseValues: ['false'] };

/**
 * Resolves a database source: every feature with the SQL that selects it and the form in which it comes, by what its server says of the
 * table. Without a description (nothing is asked of a server while metadata is validated) the plan has no columns and cannot be run.
 */
export function planTableSource(
  source: TableSource,
  description: TableDescription | null,
  onDrift: DatasetPlan['onDrift'],
  places: Places,
  templates: Templates,
): TableSourcePlan {
  const fill = (text: string | undefined, path: string): SqlText | null =>
    text === undefined ? null : templates.bind(text, path);
  const name = source.table === undefined ? null : parseTableName(templates.fill(source.table, 'source.table'));
  const query = fill(source.query, 'source.query');
  const features = source.features === '*' ? proposeFeatures(source.type, description, templates) : source.features;
  const planned = features.map((feature, index) => planOne(feature, index, source, description, onDrift, templates));
  const relation = description?.relation ?? name;
  const common = {
    path: `${source.type}://${source.connection}/${relation === null ? '(query)' : formatTableName(relation)}`,
    root: places.root,
    missingColumns: onDrift === 'fail' ? ('refuse' as const) : ('null' as const),
    connection: source.connection,
    relation,
    query: query === null ? null : withoutEnd(query),
    where: fill(source.where, 'source.where'),
    features: planned.map(({ feature }) => feature),
    columns: planned.map(({ column }) => column),
    ...(description === null
      ? {}
      : { described: description.columns.map(({ name, type, nullable }) => ({ name, type, nullable })) }),
    own: source.features === '*',
    ...(description !== null && { estimatedBytes: description.estimatedBytes }),
    fetchRows: source.fetch_size,
    splitBy: source.split_by ?? null,
    readers: source.workers ?? null,
    verifyCount: source.verify_count,
    maxRowBytes: source.max_row_bytes,
    sliceBytes: source.slice_bytes,
    incremental: incrementalOf(source, description, templates),
  };
  if (source.split_by !== undefined) refuseUnknown(source.split_by, 'source.split_by', description, templates);
  if (source.type === 'postgresql' && source.extraction === 'copy') refuseBound(common, templates);
  return source.type === 'postgresql'
    ? { type: 'postgresql', ...common, extraction: source.extraction }
    : { type: 'mysql', ...common, consistency: source.consistency };
}

/** COPY takes no values beside its statement. */
function refuseBound({ query, where }: Pick<TableSourcePlan, 'query' | 'where'>, templates: Templates): void {
  const bound = (query ?? where)?.values.length ?? 0;
  if (bound === 0) return;
  const values = bound === 1 ? 'a run variable, which is' : `${bound} run variables, which are`;
  const message = `extraction is copy, but ${query === null ? 'where' : 'query'} holds ${values} bound: COPY binds none`;
  templates.refuse('source.extraction', message, 'Set extraction to auto or cursor.');
}

function planOne(
  feature: Feature,
  index: number,
  source: TableSource,
  description: TableDescription | null,
  onDrift: DatasetPlan['onDrift'],
  templates: Templates,
): { readonly feature: FeaturePlan; readonly column: TableSourcePlan['columns'][number] } {
  const type = typeOfFeature(feature);
  const constant = planConstant(feature, type, index, WORDS, templates);
  const planned = planFeature(feature, type, source, { constant, format: null, style: null });
  if (constant !== null || description === null) return { feature: planned, column: null };
  const path = `source.features[${index}]`;
  const from = description.columns.find(({ name }) => name === planned.from);
  if (from === undefined) {
    // whether it was there once, and may be null now, is for drift to judge
    if (onDrift === 'fail') refuseUnknown(planned.from, path, description, templates);
    return { feature: planned, column: null };
  }
  if (source.features !== '*') refuseTwins(description.columns, from.name, path, templates);
  const column = planColumn(source.type, from, planned);
  if (!('code' in column)) return { feature: planned, column };
  // a feature that is to follow its column is widened before anything is read
  const follows = onDrift === 'evolve' && column.column !== null;
  if (!follows) templates.refuse(`${path}.type`, column.message, column.hint, column.code);
  return { feature: planned, column: column.column };
}

function incrementalOf(
  source: TableSource,
  description: TableDescription | null,
  templates: Templates,
): IncrementalPlan | null {
  if (source.incremental === undefined || description === null) return null;
  const { column } = source.incremental;
  const found = refuseUnknown(column, 'source.incremental.column', description, templates);
  return found === null ? null : planIncremental(source.type, source.incremental, found, templates);
}

function refuseUnknown(
  name: string,
  path: string,
  description: TableDescription | null,
  templates: Templates,
): DescribedColumn | null {
  const columns = description?.columns ?? [];
  const found = columns.find((column) => column.name === name);
  if (found !== undefined || description === null) return found ?? null;
  const names = columns.map((column) => column.name);
  const what = description.relation === null ? 'the query' : formatTableName(description.relation);
  const shown = names.length > 20 ? `${names.slice(0, 20).join(', ')} … (${names.length})` : names.join(', ');
  templates.refuse(
    path,
    `${what} has no column ${JSON.stringify(name)}; it has ${shown || 'none'}`,
    suggest(name, names),
    'ATLAS_DB_COLUMN_MISSING',
  );
  return null;
}
