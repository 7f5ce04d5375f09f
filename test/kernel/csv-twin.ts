import type { CastField } from '../../src/source/cast/cast-field.ts';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { readEscapes, type TwinValue, twinCast } from './csv-twin-cast.ts';
import { type TwinField, TwinRecords } from './csv-twin-record.ts';

/** One span of the input and what became of it; lines are counted from the start of the input. */
export type TwinSpan =
  | { readonly kind: 'row'; readonly offset: number; readonly length: number; readonly values: readonly TwinValue[] }
  | {
      readonly kind: 'reject';
      readonly offset: number;
      readonly length: number;
      readonly line: number;
      readonly field: number | null;
      readonly code: string;
    }
  | { readonly kind: 'blank' | 'comment' | 'header'; readonly offset: number; readonly length: number };

/** The parser, slowly: byte by byte, by the rules, over a whole input. */
export function twinParse(input: Uint8Array, plan: ParserPlan, lineBase = 1): readonly TwinSpan[] {
  const records = new TwinRecords(input, plan);
  const spans: TwinSpan[] = [];
  let offset = 0;
  let line = 0;
  while (offset < input.length) {
    const record = records.at(offset);
    const length = record.end - offset;
    if (record.kind === 'damage') {
      spans.push({ kind: 'reject', offset, length, line, field: null, code: record.code });
    } else if (record.kind === 'row') {
      const cast = castRow(record.fields, plan, BigInt(lineBase + line));
      if ('values' in cast) spans.push({ kind: 'row', offset, length, values: cast.values });
      else spans.push({ kind: 'reject', offset, length, line, ...cast });
    } else spans.push({ kind: record.kind, offset, length });
    for (let i = offset; i < record.end; i++) if (input[i] === records.lineByte) line++;
    offset = record.end;
  }
  return spans;
}

type RowCast = { readonly values: readonly TwinValue[] } | { readonly field: number; readonly code: string };

function castRow(fields: readonly TwinField[], plan: ParserPlan, line: bigint): RowCast {
  const values: TwinValue[] = plan.fields.map(() => null);
  const order = plan.fields
    .map((field, index) => ({ field, index, position: field.position ?? plan.width }))
    .sort((a, b) => a.position - b.position || a.index - b.index);
  for (const { field, index } of order) {
    const cell = castCell(fields[field.position ?? -1], field, plan, line);
    if ('code' in cell) return { field: index, code: cell.code };
    values[index] = cell.value;
  }
  return { values };
}

function castCell(
  cell: TwinField | undefined,
  field: CastField,
  plan: ParserPlan,
  line: bigint,
): { readonly value: TwinValue } | { readonly code: string } {
  const { type, nullable } = field.field;
  const rules = { ...field, type, trueValues: plan.trueValues, falseValues: plan.falseValues };
  if (field.constant !== null || cell === undefined) {
    const text = field.constant?.kind === 'text' ? field.constant.text : plan.file;
    const cast = twinCast(field.constant?.kind === 'line' ? `${line}` : utf8(text), rules);
    return 'value' in cast ? cast : { code: `ATLAS_CAST_${cast.problem}` };
  }
  const raw = String.fromCharCode(...cell.bytes);
  if ((!cell.quoted || plan.quotedNulls) && plan.nullValues.map(utf8).includes(raw)) {
    return nullable ? { value: null } : { code: 'ATLAS_CSV_NULL' };
  }
  const own = [plan.delimiter, ...(typeof plan.newline === 'number' ? [plan.newline] : [])];
  const text = plan.bareEscapes && raw !== '' ? readEscapes(raw, String.fromCharCode(...own)) : raw;
  if (text === null) return { code: 'ATLAS_CSV_ESCAPE' };
  if ((type.kind === 'string' || type.kind === 'json') && !isUtf8(Buffer.from(text, 'latin1'))) {
    return { code: 'ATLAS_CSV_UTF8' };
  }
  const cast = twinCast(text, {
    ...rules,
    trueValues: plan.trueValues.map(utf8),
    falseValues: plan.falseValues.map(utf8),
  });
  if ('value' in cast) return cast;
  const lost = (cast.problem === 'LOSS' || cast.problem === 'RANGE') && field.onLoss === 'null' && nullable;
  return lost ? { value: null } : { code: `ATLAS_CAST_${cast.problem}` };
}

/** Text as its UTF-8 bytes, one character each. */
function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
