import { spellKeyPath } from '../../metadata/key-path.ts';
import { guessColumns } from '../../plan/propose/guess-columns.ts';
import { proposeFeatures } from '../../plan/propose/propose-features.ts';
import { literalPath } from '../../plan/propose/propose-source.ts';
import { lookAtJsonl as lookAtLines } from '../look-at-jsonl.ts';
import { describeDamage } from './describe-damage.ts';
import type { Look } from './look.ts';
import { recordsColumns } from './records-columns.ts';
import type { RecordsFile } from './records-file.ts';
import type { RecordsInput } from './records-inputs.ts';

/** Looks at a file of JSON lines: columns by every line; a key that a line lacks is null there. */
export async function lookAtJsonl(
  { name, path }: RecordsInput,
  { root, stores, signal }: Look,
): Promise<Omit<RecordsFile, 'input' | 'found'>> {
  const { profile } = await lookAtLines(path, root, 'auto', { stores, signal });
  const { columns } = guessColumns([profile]);
  const { features, shared } = proposeFeatures(columns);
  const store = await stores.of(path);
  const found = await store.look(await store.resolve(path, { signal }), { signal });
  return {
    bytes: found.kind === 'absent' ? 0 : found.length,
    rows: profile.rows,
    damaged: profile.damaged,
    source: { type: 'jsonl', path: literalPath(path), ...shared },
    columns: recordsColumns(columns, features, profile).map((column) => ({
      ...column,
      from: spellKeyPath([column.from]),
    })),
    notes: describeDamage(name, profile),
  };
}
