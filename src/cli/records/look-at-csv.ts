import { guessColumns } from '../../plan/propose/guess-columns.ts';
import { proposeFeatures } from '../../plan/propose/propose-features.ts';
import { proposeSource } from '../../plan/propose/propose-source.ts';
import { lookAtFile } from '../look-at-file.ts';
import { describeDamage } from './describe-damage.ts';
import type { Look } from './look.ts';
import { recordsColumns } from './records-columns.ts';
import type { RecordsFile } from './records-file.ts';
import type { RecordsInput } from './records-inputs.ts';

/** Looks at a CSV file as `init` does: dialect by its evidence, columns by every field. */
export async function lookAtCsv(
  { name, path }: RecordsInput,
  { root, stores, signal }: Look,
): Promise<Omit<RecordsFile, 'input' | 'found'>> {
  const { sniff, dialect, profile } = await lookAtFile(path, root, {}, { stores, signal });
  const { columns } = guessColumns([profile], dialect.encoding !== 'utf-8');
  const { features, shared } = proposeFeatures(columns);
  return {
    bytes: sniff.bytes,
    rows: profile.rows,
    damaged: profile.damaged,
    source: { ...proposeSource(path, { ...dialect, columns: columns.map((column) => column.name) }), ...shared },
    columns: recordsColumns(columns, features, profile),
    notes: describeDamage(name, profile),
  };
}
