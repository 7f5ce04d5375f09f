import type { ServerType } from '../../../flow/table-description.ts';
import type { ResultColumn } from '../connection/client.ts';

/** Type codes of the protocol. */
export const TYPE = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  newdate: 14,
  varchar: 15,
  bit: 16,
  json: 245,
  newdecimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

export const FLAG = { notNull: 1, unsigned: 32, enum: 256, set: 2048 } as const;

export const BINARY_COLLATION = 63;
/** Bytes of a character in utf8mb4, in which results come. */
const CHARACTER = 4;
/** The number of digits where a float has no fixed ones. */
const FLOATING = 31;

const INTEGERS: ReadonlyMap<number, string> = new Map([
  [TYPE.tiny, 'tinyint'],
  [TYPE.short, 'smallint'],
  [TYPE.int24, 'mediumint'],
  [TYPE.long, 'integer'],
  [TYPE.longlong, 'bigint'],
]);
const TIMES: ReadonlyMap<number, string> = new Map([
  [TYPE.time, 'time'],
  [TYPE.datetime, 'datetime'],
  [TYPE.timestamp, 'timestamp'],
]);
const FLOATS: ReadonlyMap<number, string> = new Map([
  [TYPE.float, 'float'],
  [TYPE.double, 'double'],
]);
const EXTENDED = new Set(['uuid', 'inet4', 'inet6']);

/** The type of a query's column, by what the server says of its result. */
export function resultType(column: ResultColumn): ServerType {
  const { columnType, flags, decimals, columnLength } = column;
  const unsigned = (flags & FLAG.unsigned) !== 0;
  const suffix = unsigned ? ' unsigned' : '';
  const base = { kind: 'base', precision: null, scale: null, length: null, unsigned: false, charset: null } as const;
  const integer = INTEGERS.get(columnType);
  if (integer !== undefined) return { ...base, name: integer, sql: `${integer}${suffix}`, unsigned };
  const time = TIMES.get(columnType);
  if (time !== undefined) {
    // a function may not know how many digits it will have: six hold all
    const precision = Math.min(decimals, 6);
    return { ...base, name: time, sql: precision === 0 ? time : `${time}(${precision})`, precision };
  }
  const float = FLOATS.get(columnType);
  if (float !== undefined) {
    const scale = decimals >= FLOATING ? null : decimals;
    return { ...base, name: float, sql: `${float}${suffix}`, scale, unsigned };
  }
  switch (columnType) {
    case TYPE.decimal:
    case TYPE.newdecimal: {
      const precision = columnLength - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1);
      return {
        ...base,
        name: 'decimal',
        sql: `decimal(${precision},${decimals})${suffix}`,
        precision,
        scale: decimals,
        unsigned,
      };
    }
    case TYPE.date:
    case TYPE.newdate:
      return { ...base, name: 'date', sql: 'date' };
    case TYPE.year:
      return { ...base, name: 'year', sql: 'year', unsigned: true };
    case TYPE.bit:
      return { ...base, name: 'bit', sql: `bit(${columnLength})`, length: columnLength };
    case TYPE.json:
      return { ...base, name: 'json', sql: 'json' };
    case TYPE.geometry:
      return { ...base, name: 'geometry', sql: column.extendedTypeName ?? 'geometry', kind: 'other' };
    default:
      return { ...base, ...textType(column) };
  }
}

function textType(column: ResultColumn): Pick<ServerType, 'name' | 'sql' | 'kind' | 'length' | 'charset'> {
  const { columnType, flags, characterSet, columnLength, extendedTypeName, extendedFormat } = column;
  const binary = characterSet === BINARY_COLLATION;
  const charset = binary ? null : 'utf8mb4';
  if (extendedTypeName !== undefined && EXTENDED.has(extendedTypeName)) {
    return { name: extendedTypeName, sql: extendedTypeName, kind: 'base', length: null, charset: null };
  }
  if (extendedFormat === 'json') return { name: 'json', sql: 'json', kind: 'base', length: null, charset };
  if ((flags & FLAG.enum) !== 0) return { name: 'enum', sql: 'enum', kind: 'enum', length: null, charset };
  if ((flags & FLAG.set) !== 0) return { name: 'set', sql: 'set', kind: 'base', length: null, charset };
  const length = binary ? columnLength : Math.floor(columnLength / CHARACTER);
  const named = (text: string, bytes: string) => {
    const name = binary ? bytes : text;
    return { name, sql: `${name}(${length})`, kind: 'base' as const, length, charset };
  };
  if (columnType === TYPE.string) return named('char', 'binary');
  if (columnType === TYPE.varString || columnType === TYPE.varchar) return named('varchar', 'varbinary');
  const large = binary ? 'longblob' : 'longtext';
  return { name: large, sql: large, kind: 'base', length: null, charset };
}
