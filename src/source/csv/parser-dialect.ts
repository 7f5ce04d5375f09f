import { AtlasError } from '../../errors.ts';
import {
  CTX_BARE_ESCAPES,
  CTX_DELIMITER,
  CTX_ESCAPE,
  CTX_MAX_ROW,
  CTX_NEWLINE,
  CTX_NULL_COUNT,
  CTX_NULL_LENGTHS,
  CTX_NULL_NUMBERS,
  CTX_NULLS,
  CTX_QUOTE,
  CTX_QUOTED_NULLS,
  CTX_ROW_CAP,
  CTX_SKIPPING,
  CTX_TRIM,
  CTX_WIDTH,
} from '../../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { AreaCursor } from './area-cursor.ts';
import type { ParserPlan } from './parser-shape.ts';

const NO_BYTE = 256;
const BACKSLASH = 0x5c;
/** Spellings longer than this are compared in the file as they stand, so an escape in them would hide them. */
const LONGEST_ESCAPED = 2048;

/** Writes what tells fields, lines and nulls apart into the context block; the null spellings go to `spellings`. */
export function writeDialect(
  kernel: Kernel,
  context: number,
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
    [CTX_NEWLINE, plan.newline === 'lf' ? 0 : 1],
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
  view.setBigUint64(context + CTX_NULL_LENGTHS, lengths, true);
  view.setBigUint64(context + CTX_NULL_NUMBERS, numbers, true);
}

function refuseDialect({ delimiter, quote, escape: escaper }: ParserPlan): void {
  const refuse = (message: string): never => {
    throw new AtlasError('ATLAS_META_INVALID', message);
  };
  const show = (byte: number): string => JSON.stringify(String.fromCharCode(byte));
  const isLineEnd = (byte: number): boolean => byte === 10 || byte === 13;
  if (isLineEnd(delimiter)) refuse(`delimiter is ${show(delimiter)}, a line end cannot part fields`);
  if (quote === null) return;
  if (quote === delimiter) refuse(`delimiter and quote are both ${show(quote)}`);
  // A quote that could stand in a number or date would make two readings of one field.
  if (isLineEnd(quote) || /[0-9A-Za-z.:+\-\\]/.test(String.fromCharCode(quote))) {
    refuse(`quote is ${show(quote)}, which cannot quote: it may stand in a number, a date or a line end`);
  }
  if (escaper !== quote && escaper !== BACKSLASH) refuse(`escape is ${show(escaper)}, the quote or "\\\\" is possible`);
  if (escaper === delimiter) refuse(`escape and delimiter are both ${show(escaper)}`);
}
