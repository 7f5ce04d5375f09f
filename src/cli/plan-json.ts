import { nameLogicalType } from '../metadata/logical-type.ts';
import type { PlannedDataset } from './planned-dataset.ts';
import { problemJson } from './render-problems.ts';
import { snakeKeys } from './snake-keys.ts';

/** What `plan --json` prints: plans with types as they are written in metadata, every key in snake_case. */
export function planJson(ocs: string, planned: readonly PlannedDataset[]): unknown {
  return snakeKeys({
    planVersion: 1,
    ocs,
    datasets: planned.map(({ plan, surveyed, drift, changes, begins, outlook, unseenTable }) => {
      const { schema: _, ocs: __, ...rest } = plan;
      const features = plan.source.features.map((feature) => ({
        ...feature,
        type: nameLogicalType(feature.type),
        constant:
          feature.sensitive && feature.constant?.kind === 'text' ? { kind: 'text', text: null } : feature.constant,
      }));
      const table = plan.destination.type === 'clickhouse' ? { table: tableJson(outlook, unseenTable) } : {};
      return {
        ...rest,
        source: { ...plan.source, features },
        input: inputJson(surveyed),
        begins,
        ...table,
        drift,
        changes,
      };
    }),
  });
}

function tableJson(outlook: PlannedDataset['outlook'], unseen: PlannedDataset['unseenTable']): object {
  return unseen === null ? { kind: 'seen', ...outlook } : { kind: 'unseen', error: problemJson(unseen) };
}

function inputJson(surveyed: PlannedDataset['surveyed']): object {
  if (surveyed.kind === 'unseen') return surveyed;
  if (surveyed.kind === 'failed') return { kind: 'failed', error: problemJson(surveyed.error) };
  const { inputs, tasks, notes, empty, ignored, columns } = surveyed.survey;
  const files = inputs.map(({ path, bytes }) => ({ path, bytes }));
  return { kind: 'seen', files, tasks: tasks.length, notes, empty, ignored, columns };
}
