import { checkClickhouseDestination } from './check-clickhouse-destination.ts';
import type { CheckContext } from './check-context.ts';
import { checkParquetDestination } from './check-parquet-destination.ts';
import type { Destination } from './dataset-schema.ts';

/** What must hold between the keys of a destination. */
export function checkDestination(destination: Destination, check: CheckContext): void {
  if (destination.type === 'clickhouse') checkClickhouseDestination(destination, check);
  else checkParquetDestination(destination, check);
}
