import { createHash } from 'node:crypto';
import type { DatasetPlan, DestinationPlan } from '../flow/dataset-plan.ts';
import { pathBelow } from '../metadata/path-below.ts';
import { boundFeatures } from './bound-features.ts';

/**
 * SHA-256 (hex) over the canonical JSON of everything in a plan that can change the data. The input's path counts relative to
 * the project, so that the same project elsewhere has the same hash; where the output, its rejects or its state rest, how many
 * rejects are borne, and what the dataset needs, do not count.
 */
export function hashPlan(plan: Omit<DatasetPlan, 'notes' | 'hash'>): string {
  // onDrift says what missingColumns says
  const { root, path, missingColumns: _missing, except: _except, ...source } = plan.source;
  const destination = countedDestination(plan.destination);
  const input = path === '-' ? path : (pathBelow(root, path) ?? path);
  const counted = {
    plan_version: 1,
    ocs: plan.ocs,
    dataset: plan.dataset,
    // where a run begins is no part of what it does, nor are columns that it does not read
    source: {
      ...source,
      features: countedFeatures(plan),
      path: input,
      range: undefined,
      described: undefined,
      own: undefined,
      pass: undefined,
      estimatedBytes: undefined,
    },
    destination,
    onError: plan.onError,
    onEmpty: plan.onEmpty,
    onDrift: plan.onDrift,
  };
  return createHash('sha256').update(canonicalJson(counted)).digest('hex');
}

/** What a table holds that happens to be there does not count. */
function countedFeatures({
  source,
  destination,
}: Pick<DatasetPlan, 'source' | 'destination'>): DatasetPlan['source']['features'] {
  const isHeld = destination.type === 'clickhouse' && destination.ranges !== undefined;
  return isHeld ? boundFeatures(source.features, destination.type) : source.features;
}

/** Where the output rests, and how rows go there, do not count. */
function countedDestination(plan: DestinationPlan): object {
  if (plan.type === 'clickhouse') {
    const {
      path: _path,
      connection: _connection,
      blockRows: _rows,
      blockBytes: _bytes,
      ranges: _ranges,
      ...counted
    } = plan;
    return counted;
  }
  const { path: _, layout, keepVersions: _keep, ...plain } = plan;
  return layout === 'versioned' ? { ...plain, layout } : plain;
}

/** JSON with the keys of every object in code-unit order. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}
