import type { ErrorCode } from '../../errors.ts';
import type { NumberStyle } from '../../flow/dataset-plan.ts';
import {
  STATUS_CALENDAR,
  STATUS_LOSS,
  STATUS_RANGE,
  STATUS_SYNTAX,
  STATUS_ZONE,
} from '../../kernel/assembly/csv-layout.ts';
import type { LogicalType } from '../../metadata/logical-type.ts';
import { describeOutside } from '../describe-outside.ts';
import type { CastField } from './cast-field.ts';

/** Why a row could not be taken; never its value. */
export interface Reason {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** A type as people write it. */
export function nameOfType(type: LogicalType): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'int' : 'uint'}${type.bits}`;
    case 'float':
      return type.bits === 32 ? 'real' : 'double';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'time':
      return `time(${type.unit})`;
    case 'timestamp':
      return `timestamp${type.zoned ? 'tz' : ''}(${type.unit})`;
    default:
      return type.kind;
  }
}

function syntaxOf(field: CastField): string {
  const name = nameOfType(field.field.type);
  if (field.style !== null) return `not written as ${name} with ${describeStyle(field.style)}`;
  return field.format === null ? `not written as ${name}` : `not written as ${name} in the format ${field.format}`;
}

function describeStyle({ decimal, thousands, percent, currency }: NumberStyle): string {
  const parts = [`decimal separator ${JSON.stringify(decimal)}`];
  if (thousands !== null) parts.push(`thousands separator ${quoteSeparator(thousands)}`);
  if (percent !== null) parts.push('a percent sign');
  if (currency !== null) parts.push(`currency ${JSON.stringify(currency)}`);
  return parts.join(', ');
}

/** A separator in quotes; blanks of unusual widths as their code point, because they look like any other. */
function quoteSeparator(text: string): string {
  const code = text.charCodeAt(0);
  return code < 0x80 ? JSON.stringify(text) : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Why a value could not be cast; never the value. What else may be wrong with a cell is for each source to say. */
export function castReason(status: number, field: CastField): Reason {
  const name = nameOfType(field.field.type);
  switch (status) {
    case STATUS_SYNTAX:
      return { code: 'ATLAS_CAST_SYNTAX', reason: syntaxOf(field) };
    case STATUS_RANGE:
      return { code: 'ATLAS_CAST_RANGE', reason: describeOutside(field.field.type, field.range) };
    case STATUS_LOSS:
      return { code: 'ATLAS_CAST_LOSS', reason: `${name} would lose a part of it` };
    case STATUS_CALENDAR:
      return {
        code: 'ATLAS_CAST_CALENDAR',
        reason: `no such ${field.field.type.kind === 'time' ? 'time' : 'date or time'}`,
      };
    case STATUS_ZONE:
      return { code: 'ATLAS_CAST_ZONE', reason: `skipped or ambiguous in ${field.timezone}` };
    default:
      return { code: 'ATLAS_INTERNAL', reason: `cell status ${status}` };
  }
}
