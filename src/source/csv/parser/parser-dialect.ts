import { AtlasError } from '../../../errors.ts';
import {
  CTX_BARE_ESCAPES,
  CTX_COMMENT,
  CTX_DELIMITER,
  CTX_ESCAPE,
  CTX_HEADER,
  CTX_HEADER_LENGTH,
  CTX_HEADER_SKIP,
  CTX_MAX_ROW,
  CTX_NEWLINE,
  CTX_NULL_COUNT,
  CTX_NULL_LENGTHS,
  CTX_NULL_NUMBERS,
  CTX_NULLS,
  CTX_QUOTE,
  CTX_QUOTED_NULLS,
  CTX_RECORD_BYTE,
  CTX_ROW_CAP,
  CTX_SKIPPING,
  CTX_TRAILING,
  CTX_TRIM,
  CTX_WIDTH,
} from '../../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import type { AreaCursor } from '../../cast/area-cursor.ts';
import type { ParserMemory } from './parser-memory.ts';
import type { ParserPlan } from './parser-shape.ts';

const NO_BYTE = 256;
const BACKSLASH = 0x5c;
/** What stands for something else after a backslash. */
const ESCAPE_LETTERS = 'btnvfr0N';
const BLANK = 0x20;
const TAB = 0x09;
/** Length of a header that is not looked for: no record has it. */
const NO_HEADER = 0xffff_ffff;
/** CTX_NEWLINE, where it is not a byte of its own. */
const NEWLINES = { lf: 0, cr: 1 } as const;
const RECORD_BYTE = 2;
/** Spellings longer than this are compared in the file as they stand, so an escape in them would hide them. */
const LONGEST_ESCAPED = 2048;

/**
 * Writes what tells fields, lines and nulls apart into the context block; the null spellings go to `spellings`, the header to
 * `header`, which has room for a row of the greatest length. Fails with ATLAS_META_INVALID where two marks cannot be told apart.
 */
export function writeDialect(
  kernel: Kernel,
  { context, header }: Pick<ParserMemory, 'context' | 'header'>,
  plan: ParserPlan,
  rowCap: number,
  spellings: AreaCursor,
): void {
  refuseDialect(plan);
  const { view } = kernel;
  const encoder = new TextEncoder();
  const nulls = plan.nullValues.map((text) => encoder.encode(text));
  const table = spellings.take(nulls.length * 8);
  let lengths = 0n;
  let numbers = 0n;
  nulls.forEach((bytes, i) => {
    const at = spellings.take(bytes.length);
    kernel.bytes.set(bytes, at);
    view.setUint32(table + i * 8, at, true);
    view.setUint32(table + i * 8 + 4, bytes.length, true);
    const bit = 1n << BigInt(Math.min(bytes.length, 63));
    lengths |= bit;
    if (/^[0-9+\-.]/.test(plan.nullValues[i] ?? '')) numbers |= bit;
  });
  const escaped = nulls.filter((bytes) => bytes.some((b) => b === plan.quote || b === plan.escape));
  if (plan.quotedNulls && escaped.length > 0) {
    const longest = Math.max(...escaped.map((bytes) => bytes.length));
    if (longest > LONGEST_ESCAPED) {
      const message = `a null value with a quote in it has ${longest} bytes, ${LONGEST_ESCAPED} is possible with quoted_nulls`;
      throw new AtlasError('ATLAS_META_INVALID', message);
    }
    // Such a spelling is longer in the file than as it reads; an empty field is empty in both.
    lengths |= 0xffff_ffff_ffff_fffen;
  }
  const slots: readonly (readonly [number, number])[] = [
    [CTX_DELIMITER, plan.delimiter],
    [CTX_QUOTE, plan.quote ?? NO_BYTE],
    [CTX_ESCAPE, plan.quote === null ? NO_BYTE : plan.escape],
    [CTX_NEWLINE, typeof plan.newline === 'number' ? RECORD_BYTE : NEWLINES[plan.newline]],
    [CTX_RECORD_BYTE, typeof plan.newline === 'number' ? plan.newline : NO_BYTE],
    [CTX_COMMENT, plan.comment ?? NO_BYTE],
    [CTX_TRAILING, plan.trailingDelimiter ? 1 : 0],
    [CTX_HEADER, header],
    [CTX_HEADER_LENGTH, plan.header === null ? NO_HEADER : plan.header.bytes.length],
    [CTX_HEADER_SKIP, plan.header?.skip ? 1 : 0],
    [CTX_WIDTH, plan.width],
    [CTX_MAX_ROW, plan.maxRowBytes],
    [CTX_ROW_CAP, rowCap],
    [CTX_NULL_COUNT, nulls.length],
    [CTX_NULLS, table],
    [CTX_QUOTED_NULLS, plan.quotedNulls ? 1 : 0],
    [CTX_SKIPPING, 0],
    [CTX_TRIM, plan.trim ? 1 : 0],
    [CTX_BARE_ESCAPES, plan.bareEscapes ? 1 : 0],
  ];
  for (const [slot, value] of slots) view.setUint32(context + slot, value, true);
  if (plan.header !== null) kernel.bytes.set(plan.header.bytes, header);
  view.setBigUint64(context + CTX_NULL_LENGTHS, lengths, true);
  view.setBigUint64(context + CTX_NULL_NUMBERS, numbers, true);
}

function refuseDialect(plan: ParserPlan): void {
  const { delimiter, quote, escape: escaper, comment, newline, trim } = plan;
  const refuse = (message: string): never => {
    throw new AtlasError('ATLAS_META_INVALID', message);
  };
  const show = (byte: number): string => JSON.stringify(String.fromCharCode(byte));
  const isLineEnd = (byte: number): boolean => byte === 10 || byte === 13;
  if (isLineEnd(delimiter)) refuse(`delimiter is ${show(delimiter)}, a line end cannot part fields`);
  if (typeof newline === 'number' && isLineEnd(newline))
    refuse(`row_delimiter is the byte ${newline}: "lf" or "cr" is meant`);
  refuseSameMarks(
    { delimiter, quote, row_delimiter: typeof newline === 'number' ? newline : null, comment },
    refuse,
    show,
  );
  if (comment !== null && isLineEnd(comment)) refuse(`comment is ${show(comment)}, which ends lines`);
  if (trim && plan.bareEscapes) refuse('trim is true, but escapes stand outside quotes');
  for (const mark of [delimiter, quote, comment, newline]) {
    if (trim && (mark === BLANK || mark === TAB)) refuse(`trim is true, but ${show(mark)} has another meaning`);
  }
  if (plan.bareEscapes && quote !== null) refuse(`escapes stand outside quotes, but quote is ${show(quote)}`);
  if (plan.bareEscapes && [delimiter, newline, comment].includes(BACKSLASH)) {
    refuse('escapes begin with "\\\\", which has another meaning');
  }
  for (const mark of plan.bareEscapes ? [delimiter, newline] : []) {
    if (typeof mark === 'number' && ESCAPE_LETTERS.includes(String.fromCharCode(mark))) {
      refuse(`${show(mark)} parts fields or rows, and means something after a backslash`);
    }
  }
  if (quote === null) return;
  // A quote that could stand in a number or date would make two readings of one field.
  if (isLineEnd(quote) || /[0-9A-Za-z.:+\-\\]/.test(String.fromCharCode(quote))) {
    refuse(`quote is ${show(quote)}, which cannot quote: it may stand in a number, a date or a line end`);
  }
  if (escaper !== quote && escaper !== BACKSLASH) refuse(`escape is ${show(escaper)}, the quote or "\\\\" is possible`);
  if (escaper === delimiter) refuse(`escape and delimiter are both ${show(escaper)}`);
  if (escaper === newline) refuse(`escape and row_delimiter are both ${show(escaper)}`);
}

function refuseSameMarks(
  marks: Readonly<Record<string, number | null>>,
  refuse: (message: string) => never,
  show: (byte: number) => string,
): void {
  const names = new Map<number, string>();
  for (const [name, byte] of Object.entries(marks)) {
    if (byte === null) continue;
    const other = names.get(byte);
    if (other !== undefined) refuse(`${other} and ${name} are both ${show(byte)}`);
    names.set(byte, name);
  }
}
