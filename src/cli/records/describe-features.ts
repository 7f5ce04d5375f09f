import { parseLogicalType } from '../../metadata/logical-type.ts';
import { type Keys, literal } from '../../plan/propose/propose-source.ts';
import type { RecordsColumn } from './records-file.ts';

/** What a column of the table takes. */
export interface TakenType {
  /** As people write it. */
  readonly type: string;
  readonly nullable: boolean;
  /** IANA zone of times that name none; null: UTC. */
  readonly timezone: string | null;
}

const TIMES = new Set(['date', 'time', 'timestamp']);
const NUMBERS = new Set(['int', 'float', 'decimal']);

/** Features, as a document has them: the columns of a file in the types of those that take them. */
export function describeFeatures(
  columns: readonly RecordsColumn[],
  takenBy: (column: RecordsColumn) => TakenType,
): readonly Keys[] {
  return columns.map((column) => {
    const { type, nullable, timezone } = takenBy(column);
    return {
      name: literal(column.name),
      type,
      nullable,
      ...(column.from === column.name ? {} : { from: literal(column.from) }),
      ...(timezone === null ? {} : { timezone }),
      ...spellingFor(type, column),
    };
  });
}

/** How the file spells the values of a column, as far as that means something to the type that takes them. */
function spellingFor(type: string, { type: own, spelling }: RecordsColumn): Keys {
  const kind = kindOf(type);
  const { format, ...style } = spelling;
  if (NUMBERS.has(kind)) return style;
  return format !== undefined && TIMES.has(kind) && kind === kindOf(own) ? { format } : {};
}

function kindOf(type: string): string {
  const parsed = parseLogicalType(type);
  return 'problem' in parsed ? '' : parsed.kind;
}
