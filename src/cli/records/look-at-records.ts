import type { Look } from './look.ts';
import { lookAtCsv } from './look-at-csv.ts';
import { lookAtJsonl } from './look-at-jsonl.ts';
import { lookAtParquet } from './look-at-parquet.ts';
import type { RecordsFile } from './records-file.ts';
import { findFormat, type RecordsFormat } from './records-format.ts';
import type { RecordsInput } from './records-inputs.ts';

const LOOKS = { csv: lookAtCsv, parquet: lookAtParquet, jsonl: lookAtJsonl } as const;

/**
 * Looks at a file whole: text is read to its end, of Parquet the footer says it all. Fails with ATLAS_INPUT_*, ATLAS_INIT_UNDECIDED,
 * ATLAS_CSV_*, ATLAS_PARQUET_*, ATLAS_USAGE.
 */
export async function lookAtRecords(
  input: RecordsInput,
  given: RecordsFormat | null,
  look: Look,
): Promise<RecordsFile> {
  const found = await findFormat(input, given, look);
  return { input, found, ...(await LOOKS[found.format](input, look)) };
}
