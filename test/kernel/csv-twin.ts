import type { ParserField, ParserPlan } from '../../src/source/csv/parser-shape.ts';
import { readEscapes, type TwinValue, twinCast } from './csv-twin-cast.ts';

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
  | { readonly kind: 'blank'; readonly offset: number; readonly length: number };

interface TwinField {
  readonly bytes: readonly number[];
  readonly quoted: boolean;
}

type TwinRecord =
  | { readonly kind: 'row'; readonly fields: readonly TwinField[]; readonly end: number }
  | { readonly kind: 'blank'; readonly end: number }
  | { readonly kind: 'damage'; readonly code: string; readonly end: number };

const LF = 10;
const CR = 13;

/** The parser, slowly: byte by byte, by the rules, over a whole input. */
export function twinParse(input: Uint8Array, plan: ParserPlan, lineBase = 1): readonly TwinSpan[] {
  const reader = new Twin(input, plan);
  const spans: TwinSpan[] = [];
  let offset = 0;
  let line = 0;
  while (offset < input.length) {
    const record = reader.record(offset);
    const length = record.end - offset;
    if (record.kind === 'blank') spans.push({ kind: 'blank', offset, length });
    else if (record.kind === 'damage') {
      spans.push({ kind: 'reject', offset, length, line, field: null, code: record.code });
    } else if (record.fields.length !== plan.width) {
      const code = record.fields.length < plan.width ? 'ATLAS_CSV_TOO_FEW_FIELDS' : 'ATLAS_CSV_TOO_MANY_FIELDS';
      spans.push({ kind: 'reject', offset, length, line, field: null, code });
    } else {
      const cast = castRow(record.fields, plan, BigInt(lineBase + line));
      if ('values' in cast) spans.push({ kind: 'row', offset, length, values: cast.values });
      else spans.push({ kind: 'reject', offset, length, line, ...cast });
    }
    const end = plan.newline === 'lf' ? LF : CR;
    for (let i = offset; i < record.end; i++) if (input[i] === end) line++;
    offset = record.end;
  }
  return spans;
}

class Twin {
  readonly #input: Uint8Array;
  readonly #plan: ParserPlan;

  constructor(input: Uint8Array, plan: ParserPlan) {
    this.#input = input;
    this.#plan = plan;
  }

  record(start: number): TwinRecord {
    const b = this.#input;
    const { delimiter, quote, width, maxRowBytes } = this.#plan;
    const most = start + maxRowBytes;
    const damage = (code: string, at: number): TwinRecord => ({
      kind: 'damage',
      code: `ATLAS_CSV_${code}`,
      end: this.#endOfLine(at),
    });
    if (width > 1 && this.#lineEnd(start) > 0) return { kind: 'blank', end: start + this.#lineEnd(start) };
    const fields: TwinField[] = [];
    let p = start;
    for (;;) {
      if (quote !== null && p < most && b[p] === quote) {
        const inside = this.#quoted(p + 1, most);
        if (inside === null) return damage('QUOTE_UNCLOSED', start);
        fields.push({ bytes: inside.bytes, quoted: true });
        p = inside.end;
        if (p >= b.length || this.#lineEnd(p) > 0) return { kind: 'row', fields, end: p + this.#lineEnd(p) };
        if (p >= most) return damage('ROW_TOO_LONG', p);
        if (b[p] !== delimiter) return damage('QUOTE_TRAILING', p);
      } else {
        const bytes: number[] = [];
        for (;;) {
          if (p >= b.length || this.#lineEnd(p) > 0) {
            fields.push({ bytes, quoted: false });
            return { kind: 'row', fields, end: p + this.#lineEnd(p) };
          }
          if (p >= most) return damage('ROW_TOO_LONG', p);
          const byte = b[p] ?? 0;
          if (byte === delimiter) break;
          if (byte === quote) return damage('QUOTE_STRAY', p);
          if (byte === CR || byte === LF) return damage('STRAY_CR', p);
          bytes.push(byte);
          p++;
        }
        fields.push({ bytes, quoted: false });
      }
      p++;
    }
  }

  /** The inside of a quoted field and the offset after its closing quote; null where it is never closed. */
  #quoted(from: number, most: number): { readonly bytes: readonly number[]; readonly end: number } | null {
    const b = this.#input;
    const { quote, escape: escaper } = this.#plan;
    const bytes: number[] = [];
    let p = from;
    while (p < b.length && p < most) {
      const byte = b[p] ?? 0;
      const next = b[p + 1];
      if (byte === escaper && next !== undefined && (next === quote || (escaper !== quote && next === escaper))) {
        bytes.push(next);
        p += 2;
      } else if (byte === quote) return { bytes, end: p + 1 };
      else {
        bytes.push(byte);
        p++;
      }
    }
    return null;
  }

  /** Length of the line end at p, or 0. */
  #lineEnd(p: number): number {
    const [a, b] = [this.#input[p], this.#input[p + 1]];
    if (a === CR && b === LF) return 2;
    return a === (this.#plan.newline === 'lf' ? LF : CR) ? 1 : 0;
  }

  /** The byte after the physical line of p. */
  #endOfLine(p: number): number {
    const end = this.#plan.newline === 'lf' ? LF : CR;
    let i = p;
    while (i < this.#input.length && this.#input[i] !== end) i++;
    if (i >= this.#input.length) return i;
    return end === CR && this.#input[i + 1] === LF ? i + 2 : i + 1;
  }
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
  field: ParserField,
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
