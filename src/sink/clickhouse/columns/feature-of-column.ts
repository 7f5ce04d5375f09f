import type { LiveColumnFacts } from '../../../flow/live-columns.ts';
import type { TimeUnit } from '../../../metadata/logical-type.ts';
import { type ColumnType, parseColumnType } from './column-type.ts';
import { decimalOf, intOf } from './judge-number.ts';
import { DIGITS } from './judge-time.ts';
import type { LiveTable } from './live-table.ts';

/**
 * The feature that fills a column as it is: the widest type of which the column holds every value. Times without a zone are those that the
 * column shows. null where no feature does. Pure.
 */
export function featureOfColumn(text: string, { zone }: Pick<LiveTable, 'zone'>): LiveColumnFacts['takes'] {
  const column = parseColumnType(text);
  const type = typeOf(column);
  if (type !== null) return { type, nullable: column.nullable, timezone: null };
  if (column.name !== 'DateTime' && column.name !== 'DateTime64') return null;
  const isFine = column.name === 'DateTime64';
  const unit = isFine ? finest(Number(column.args[0] ?? 3)) : 's';
  const named = (isFine ? column.args[1] : column.args[0])?.replaceAll("'", '') ?? zone;
  if (/^(Etc\/)?(UTC|GMT|Zulu|UCT|Universal)$/.test(named)) {
    return { type: `timestamp(${unit})`, nullable: column.nullable, timezone: null };
  }
  return { type: `timestamptz(${unit})`, nullable: column.nullable, timezone: named };
}

function typeOf(column: ColumnType): string | null {
  const { name, args } = column;
  const int = intOf(column);
  if (int !== null) {
    // integers beyond 64 bits are read as far as features go
    if (int.bits <= 64) return `${int.signed ? '' : 'u'}int${int.bits}`;
    return int.signed ? 'int64' : 'uint64';
  }
  const decimal = decimalOf(column);
  if (decimal !== null) {
    const { precision, scale } = decimal;
    return scale > 38 ? null : `decimal(${Math.min(precision, 38)},${scale})`;
  }
  if (name === 'Time64') return `time(${finest(Number(args[0] ?? 3))})`;
  return PLAIN[name] ?? null;
}

const PLAIN: Readonly<Record<string, string>> = {
  Bool: 'boolean',
  Float32: 'real',
  Float64: 'double',
  String: 'string',
  UUID: 'uuid',
  Date: 'date',
  Date32: 'date',
};

/** The finest unit that a column of so many digits of a second holds. */
function finest(digits: number): TimeUnit {
  return (['ns', 'us', 'ms', 's'] as const).find((unit) => DIGITS[unit] <= digits) ?? 's';
}
