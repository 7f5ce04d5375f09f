import type { CheckContext } from './check-context.ts';
import { checkCsvSource } from './check-csv-source.ts';
import { checkJsonlSource } from './check-jsonl-source.ts';
import { checkParquetSource } from './check-parquet-source.ts';
import { checkTableSource } from './check-table-source.ts';
import type { Source } from './dataset-schema.ts';
import { isTableSource } from './is-table-source.ts';

/** What must hold between the keys of a source, whatever its type, and its features. */
export function checkSource(source: Source, check: CheckContext): void {
  if (isTableSource(source)) checkTableSource(source, check);
  else if (source.type === 'jsonl') checkJsonlSource(source, check);
  else if (source.type === 'parquet') checkParquetSource(source, check);
  else checkCsvSource(source, check);
}
