import type { SchemaElement } from 'hyparquet';

/** A column of a file: its name, and its type so spelled that equal types are equal texts. */
export interface NamedType {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** What older writers say in a converted type, in the words of the logical ones. */
const CONVERTED: Readonly<Record<string, string>> = {
  UTF8: 'STRING',
  TIMESTAMP_MILLIS: 'TIMESTAMP(MILLIS, UTC)',
  TIMESTAMP_MICROS: 'TIMESTAMP(MICROS, UTC)',
  TIME_MILLIS: 'TIME(MILLIS)',
  TIME_MICROS: 'TIME(MICROS)',
  INT_8: 'INT(8)',
  INT_16: 'INT(16)',
  INT_32: '',
  INT_64: '',
  UINT_8: 'UINT(8)',
  UINT_16: 'UINT(16)',
  UINT_32: 'UINT(32)',
  UINT_64: 'UINT(64)',
};

/** One element of a Parquet schema: physical type and what it means (`INT32 DATE`, `BYTE_ARRAY STRING`); a group is only that. */
export function spellElement(element: SchemaElement): NamedType {
  const { name, type, type_length: length, repetition_type: repetition } = element;
  const nullable = repetition !== 'REQUIRED';
  if (type === undefined) return { name, type: 'a group', nullable };
  const physical = type === 'FIXED_LEN_BYTE_ARRAY' ? `${type}(${length})` : type;
  const repeated = repetition === 'REPEATED' ? ' repeated' : '';
  return { name, type: `${physical} ${meaning(element)}`.trim() + repeated, nullable };
}

function meaning({ logical_type: logical, converted_type: converted, precision, scale }: SchemaElement): string {
  if (logical === undefined) {
    if (converted === 'DECIMAL') return `DECIMAL(${precision}, ${scale ?? 0})`;
    return converted === undefined ? '' : (CONVERTED[converted] ?? converted);
  }
  switch (logical.type) {
    case 'DECIMAL':
      return `DECIMAL(${logical.precision}, ${logical.scale})`;
    case 'TIMESTAMP':
      return `TIMESTAMP(${logical.unit}${logical.isAdjustedToUTC ? ', UTC' : ''})`;
    case 'TIME':
      return `TIME(${logical.unit})`;
    case 'INTEGER':
      if (logical.isSigned) return logical.bitWidth >= 32 ? '' : `INT(${logical.bitWidth})`;
      return `UINT(${logical.bitWidth})`;
    default:
      return logical.type;
  }
}
