import type { CheckContext } from './check-context.ts';
import type { Feature } from './feature-schema.ts';
import { parseLogicalType } from './logical-type.ts';
import { suggest } from './nearest.ts';
import type { ParquetDestination } from './parquet-destination-schema.ts';

/**
 * What must hold between `partition_by` and the features that arrive; `allFeatures` is false where some were left out because
 * they were wrong. `check` stands on the destination.
 */
export function checkPartitions(
  destination: ParquetDestination,
  features: readonly Feature[],
  allFeatures: boolean,
  check: CheckContext,
): void {
  const names = features.map((feature) => feature.name);
  destination.partition_by.forEach((name, index) => {
    const at = ['partition_by', index];
    if (destination.partition_by.indexOf(name) !== index) {
      check.problem(at, `partition_by names ${JSON.stringify(name)} twice`, 'Remove one.');
      return;
    }
    const feature = features.find((each) => each.name === name);
    if (feature === undefined) {
      if (!allFeatures) return;
      check.problem(at, `partition_by names ${JSON.stringify(name)}, which is no feature`, suggest(name, names));
      return;
    }
    const type = parseLogicalType(feature.type);
    if ('problem' in type) return;
    if (type.kind === 'float' || type.kind === 'binary' || type.kind === 'json') {
      const message = `partition_by names ${name}, whose type is ${JSON.stringify(feature.type)}`;
      check.problem(at, message, 'Partition by dates, integers, decimals, booleans or text.');
    }
    if (feature.sensitive) {
      const message = `partition_by names ${name}, which is sensitive: its values would stand in folder names`;
      check.problem(at, message, 'Partition by another feature.');
    }
  });
  if (allFeatures && names.every((name) => destination.partition_by.includes(name))) {
    check.problem(
      ['partition_by'],
      'partition_by names every feature: no column is left for the files',
      'Leave one out.',
    );
  }
}
