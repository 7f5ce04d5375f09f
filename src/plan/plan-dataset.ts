import { dirname } from 'node:path';
import { AtlasError, type Place, type Problem } from '../errors.ts';
import type { DatasetPlan, DestinationPlan, RejectLimit } from '../flow/dataset-plan.ts';
import type { Dataset } from '../metadata/dataset-schema.ts';
import type { Group } from '../metadata/group-schema.ts';
import { pathBelow } from '../metadata/path-below.ts';
import { refuseReserved } from '../metadata/run-variables.ts';
import { boundSource } from './bound-source.ts';
import { describeTableWriter } from './clickhouse/describe-table-writer.ts';
import { passParquet } from './clickhouse/pass-parquet.ts';

import { planClickhouseDestination } from './clickhouse/plan-clickhouse-destination.ts';
import { describeGateway } from './describe-gateway.ts';
import { describeNotes } from './describe-notes.ts';
import type { DescribedDataset } from './described-dataset.ts';
import { hashPlan } from './hash-plan.ts';
import { planParquetDestination } from './plan-parquet-destination.ts';
import { planSource } from './plan-source.ts';
import { type Places, resolvePlace } from './resolve-place.ts';
import { Templates } from './templates.ts';

export interface PlanOptions {
  /** Absolute: the folder that holds metadata/; relative paths start there. */
  readonly root: string;
  /** Run variables as given (`--var`). */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the value at a path of the document stands, for errors. */
  readonly locate?: (path: string) => Place;
  /** What servers say of the tables of datasets, and files of their own columns; a dataset of either that is not in it has none. */
  readonly described?: ReadonlyMap<Dataset, DescribedDataset>;
}

/**
 * Decides what a run will do with one dataset. Pure.
 * Throws ATLAS_META_VARIABLE for run variables without a value, ATLAS_META_INVALID or ATLAS_PLAN_LOSSY for what only shows
 * once they are filled in; the error carries every problem.
 */
export function planDataset(group: Group, dataset: Dataset, options: PlanOptions): DatasetPlan {
  refuseReserved(options.variables);
  const problems: Problem[] = [];
  const described = options.described?.get(dataset);
  const table = described === undefined || described.table === null ? {} : { table: described.table };
  const values = { ...options.variables, ...table, ocs: group.ocs, dataset: dataset.name };
  const index = described?.index ?? group.dataset_config.indexOf(dataset);
  const templates = new Templates(values, `dataset_config[${index}]`, problems, options.locate);
  const places = { root: options.root, connections: group.connections };
  const read = planSource(dataset.source, dataset.on_drift, places, templates, described ?? null);
  const bound = boundSource(read, dataset.destination.type, templates);
  const schema = {
    fields: bound.features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
  };
  const destination =
    dataset.destination.type === 'clickhouse'
      ? planClickhouseDestination(dataset.destination, schema, templates)
      : planParquetDestination(dataset.destination, places, templates);
  const source = destination.type === 'clickhouse' ? passParquet(bound, destination) : bound;
  const rejects = dataset.rejects === undefined ? null : templates.fill(dataset.rejects, 'rejects');
  const rejectsPath = rejects === null ? null : resolveKeepingSlash(rejects, places, templates);
  if (rejectsPath !== null) checkRejectsPath(rejectsPath, destination, templates);
  if (source.path === '-' && dataset.on_drift === 'evolve') {
    const message = 'on_drift is "evolve", and the source is standard input: it cannot be read twice';
    templates.refuse('on_drift', message, 'Set on_drift to fail or ignore, or write the input to a file first.');
  }
  throwProblems(problems, dataset.name);
  const decided: Omit<DatasetPlan, 'notes' | 'hash'> = {
    ocs: group.ocs,
    dataset: dataset.name,
    source,
    schema,
    destination,
    onError: dataset.on_error,
    maxRejects: planLimit(dataset.max_rejects),
    rejectsPath,
    onEmpty: dataset.on_empty,
    onDrift: dataset.on_drift,
    needs: dataset.needs,
  };
  const notes = [
    ...describeNotes(decided),
    ...describeTableWriter(destination, group.connections),
    ...describeGateway(destination, group.connections),
  ];
  return { ...decided, notes, hash: hashPlan(decided) };
}

function planLimit(limit: Dataset['max_rejects']): RejectLimit | null {
  if (limit === undefined) return null;
  if (typeof limit === 'number') return { kind: 'rows', rows: limit };
  return { kind: 'share', share: Number(limit.slice(0, -1)) / 100 };
}

/** Rejects hold raw rows: no reader of the data may come upon them. */
function checkRejectsPath(path: string, destination: DestinationPlan, templates: Templates): void {
  if (destination.type !== 'parquet') return;
  const { path: target, folder } = destination;
  const data = folder ? target : dirname(target);
  const inside = pathBelow(data, path);
  if (inside === null) return;
  if (!folder && (dirname(inside) !== '.' || /^[._]/.test(inside))) return;
  const what = folder ? 'inside the folder that is published' : 'beside the data, under a name that readers see';
  const hint = `Choose another folder${folder ? '' : ', or a name that begins with . or _'}.`;
  templates.refuse('rejects', `rejects is ${what}`, hint);
}

function resolveKeepingSlash(path: string, places: Places, templates: Templates): string {
  return resolvePlace(path, 'rejects', places, templates) + (path.endsWith('/') ? '/' : '');
}

function throwProblems(problems: readonly Problem[], dataset: string): void {
  const [first] = problems;
  if (first === undefined) return;
  const message =
    problems.length === 1 ? `${dataset}: ${first.message}` : `${problems.length} problems in the plan of ${dataset}`;
  throw new AtlasError(first.code, message, { place: first.place, hint: first.hint, problems });
}
