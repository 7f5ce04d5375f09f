import type { ClickhouseColumn } from '../../../flow/dataset-plan.ts';
import type { ServerTraits } from './server-traits.ts';

/** Columns of a new table in types that the server has: times of day are text (`12:34:56.789000`) where it has none for them. */
export function columnsAt(
  columns: readonly ClickhouseColumn[],
  { hasTime64 }: Pick<ServerTraits, 'hasTime64'>,
): readonly ClickhouseColumn[] {
  if (hasTime64) return columns;
  return columns.map(({ name, type }) => ({ name, type: type.replace(/^(Nullable\()?Time64\(\d\)/, '$1String') }));
}
