import type { Field } from '../../../batch/schema.ts';
import type { LogicalType } from '../../../metadata/logical-type.ts';
import { type ColumnType, parseColumnType } from './column-type.ts';
import { FITS, type Fit, narrower, other, SAME } from './fit.ts';
import { judgeNumber } from './judge-number.ts';
import { judgeTime } from './judge-time.ts';

/**
 * What a column does with the values of a feature, once they come as Arrow with `input_format_null_as_default = 0`. The server itself is no
 * judge: it clamps dates, cuts digits and units off, wraps integers, pads texts, and takes the text "1" for the first name of an Enum, all
 * without a word. `zone` is the server's own. Pure.
 */
export function judgeColumn({ type, nullable }: Pick<Field, 'type' | 'nullable'>, column: string, zone: string): Fit {
  const there = parseColumnType(column);
  const fit = judgeType(type, there, zone);
  if (fit.fit === 'other' || fit.fit === 'narrower') return fit;
  if (nullable && !there.nullable && !NULL_WITHIN.has(there.name)) return narrower('it holds no NULL');
  return there.aggregate === null ? fit : { ...fit, fit: 'fits' };
}

/** Types that hold NULL by themselves. */
const NULL_WITHIN: ReadonlySet<string> = new Set(['Dynamic', 'Variant']);

function judgeType(type: LogicalType, there: ColumnType, zone: string): Fit {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'decimal':
    case 'boolean':
      return judgeNumber(type, there);
    case 'date':
    case 'time':
    case 'timestamp':
      return judgeTime(type, there, zone);
    case 'uuid':
      return there.name === 'UUID' ? SAME : other('it holds no UUIDs as such');
    case 'string':
    case 'json':
    case 'binary':
      return judgeText(type.kind, there);
  }
}

function judgeText(kind: 'string' | 'json' | 'binary', { name, args, lowCardinality }: ColumnType): Fit {
  if (name === 'String') return kind === 'string' || !lowCardinality ? SAME : FITS;
  if (name === 'FixedString') return other(`it pads every value with NUL bytes to ${args[0]}`);
  if (name === 'Enum8' || name === 'Enum16') {
    return other(
      'a text of digits would be taken for the number of a name, and any other that it does not list fails the load',
    );
  }
  if (name === 'JSON' || name === 'Object') {
    return other('the server would take the text apart: numbers and the order of keys would not stay what they are');
  }
  return other('the server would parse the text');
}
