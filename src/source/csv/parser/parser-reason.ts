import type { ErrorCode } from '../../../errors.ts';
import type { NumberStyle } from '../../../flow/dataset-plan.ts';
import {
  DAMAGE_ESCAPE,
  DAMAGE_HEADER,
  DAMAGE_MARK,
  DAMAGE_STRAY_NEWLINE,
  DAMAGE_STRAY_QUOTE,
  DAMAGE_TOO_FEW,
  DAMAGE_TOO_LONG,
  DAMAGE_TOO_MANY,
  DAMAGE_TRAILING,
  DAMAGE_UNCLOSED,
  STATUS_CALENDAR,
  STATUS_ESCAPE,
  STATUS_LOSS,
  STATUS_NULL,
  STATUS_RANGE,
  STATUS_SYNTAX,
  STATUS_UTF8,
  STATUS_ZONE,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import type { LogicalType } from '../../../metadata/logical-type.ts';
import type { ParserField, ParserPlan } from './parser-shape.ts';

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

function syntaxOf(field: ParserField): string {
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

/** Why a cell could not be taken; never its value. */
export function reasonOfStatus(status: number, field: ParserField): Reason {
  const name = nameOfType(field.field.type);
  switch (status) {
    case STATUS_SYNTAX:
      return { code: 'ATLAS_CAST_SYNTAX', reason: syntaxOf(field) };
    case STATUS_RANGE:
      return { code: 'ATLAS_CAST_RANGE', reason: `outside the range of ${name}` };
    case STATUS_LOSS:
      return { code: 'ATLAS_CAST_LOSS', reason: `${name} would lose a part of it` };
    case STATUS_CALENDAR:
      return {
        code: 'ATLAS_CAST_CALENDAR',
        reason: `no such ${field.field.type.kind === 'time' ? 'time' : 'date or time'}`,
      };
    case STATUS_ZONE:
      return { code: 'ATLAS_CAST_ZONE', reason: `skipped or ambiguous in ${field.timezone}` };
    case STATUS_NULL:
      return { code: 'ATLAS_CSV_NULL', reason: 'null, and the feature is not nullable' };
    case STATUS_UTF8:
      return { code: 'ATLAS_CSV_UTF8', reason: 'not valid UTF-8' };
    case STATUS_ESCAPE:
      return { code: 'ATLAS_CSV_ESCAPE', reason: 'a backslash escape that means nothing, or is not finished' };
    default:
      return { code: 'ATLAS_INTERNAL', reason: `cell status ${status}` };
  }
}

/** Why a cell could not be taken whose bytes are not valid in the encoding of the input. */
export function reasonOfEncoding(encoding: Encoding): Reason {
  return { code: 'ATLAS_CSV_ENCODING', reason: `not valid in ${encoding}` };
}

/** Why a record could not be taken; `count` is the number of its fields. */
export function reasonOfDamage(code: number, count: number, plan: ParserPlan): Reason {
  switch (code) {
    case DAMAGE_TOO_FEW:
      return { code: 'ATLAS_CSV_TOO_FEW_FIELDS', reason: reasonOfWidth(count, plan) };
    case DAMAGE_TOO_MANY:
      return { code: 'ATLAS_CSV_TOO_MANY_FIELDS', reason: reasonOfWidth(count, plan) };
    case DAMAGE_TOO_LONG:
      return { code: 'ATLAS_CSV_ROW_TOO_LONG', reason: `longer than ${plan.maxRowBytes} bytes` };
    case DAMAGE_UNCLOSED:
      return { code: 'ATLAS_CSV_QUOTE_UNCLOSED', reason: 'a quote is never closed' };
    case DAMAGE_TRAILING:
      return { code: 'ATLAS_CSV_QUOTE_TRAILING', reason: 'text after a closing quote' };
    case DAMAGE_STRAY_QUOTE:
      return { code: 'ATLAS_CSV_QUOTE_STRAY', reason: 'a quote inside an unquoted field' };
    case DAMAGE_STRAY_NEWLINE:
      return {
        code: 'ATLAS_CSV_STRAY_CR',
        reason:
          plan.newline === 'lf' ? 'a carriage return without a line feed' : 'a line feed without a carriage return',
      };
    case DAMAGE_HEADER:
      return { code: 'ATLAS_CSV_HEADER_REPEATED', reason: 'the header once more' };
    case DAMAGE_MARK:
      return { code: 'ATLAS_CSV_BOM_INSIDE', reason: 'a byte order mark at the start of a row' };
    case DAMAGE_ESCAPE:
      return { code: 'ATLAS_CSV_ESCAPE', reason: 'a backslash at the very end, with nothing after it' };
    default:
      return { code: 'ATLAS_INTERNAL', reason: `record status ${code}` };
  }
}

/** The numbers that disagree; a delimiter after the last field is none of its own. */
function reasonOfWidth(count: number, { width, trailingDelimiter }: ParserPlan): string {
  if (!trailingDelimiter) return `${count} fields, ${width} expected`;
  if (count === width) return `${count} fields, but no delimiter after the last (trailing_delimiter)`;
  return `${count} fields, ${width} and a delimiter after the last expected`;
}
