import type { DestinationPlan, ValueRange } from '../flow/dataset-plan.ts';
import type { LogicalType } from '../metadata/logical-type.ts';
import { clickhouseRange } from './clickhouse/value-ranges.ts';

/** What a destination holds of a type; null where that is all of it. */
export function rangeOf(type: LogicalType, destination: DestinationPlan['type']): ValueRange | null {
  return destination === 'clickhouse' ? clickhouseRange(type) : null;
}
