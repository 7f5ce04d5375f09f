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
  STATUS_ESCAPE,
  STATUS_NULL,
  STATUS_UTF8,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import type { CastField } from '../../cast/cast-field.ts';
import { castReason, type Reason } from '../../cast/cast-reason.ts';
import type { ParserPlan } from './parser-shape.ts';

/** Why a cell could not be taken; never its value. */
export function reasonOfStatus(status: number, field: CastField): Reason {
  switch (status) {
    case STATUS_NULL:
      return { code: 'ATLAS_CSV_NULL', reason: 'null, and the feature is not nullable' };
    case STATUS_UTF8:
      return { code: 'ATLAS_CSV_UTF8', reason: 'not valid UTF-8' };
    case STATUS_ESCAPE:
      return { code: 'ATLAS_CSV_ESCAPE', reason: 'a backslash escape that means nothing, or is not finished' };
    default:
      return castReason(status, field);
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
