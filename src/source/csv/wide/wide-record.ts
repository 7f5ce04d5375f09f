import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';

/** A record of a file with a wide delimiter. */
export interface WideRecord {
  readonly fields: readonly string[];
  /** Of each field, whether it was quoted. */
  readonly quoted: readonly boolean[];
}

/** How such a file is written: characters, not bytes. */
export interface WideDialect {
  readonly delimiter: string;
  readonly quote: string | null;
  readonly escape: string | null;
  readonly trim: boolean;
}

const BLANKS = /[ \t]*/y;
const LINE_END = /[\r\n]/;

export function wideDialectOf(plan: CsvSourcePlan, delimiter: string): WideDialect {
  const quote = plan.quote === null ? null : String.fromCharCode(plan.quote);
  return { delimiter, quote, escape: quote === null ? null : String.fromCharCode(plan.escape), trim: plan.trim };
}

/**
 * A record whose fields csv-parse read from a text, and which of them were quoted there; null unless the fields, written again, are that
 * text: nothing was dropped, moved or guessed. csv-parse, strict as it is set, still drops backslashes that escape nothing, all kinds of
 * white space when it trims, and comments behind a closing quote; none of that can pass here.
 */
export function compareRecord(text: string, fields: readonly string[], dialect: WideDialect): WideRecord | null {
  const { delimiter, quote, trim } = dialect;
  const quoted: boolean[] = [];
  let at = 0;
  for (const [index, field] of fields.entries()) {
    if (trim) at = afterBlanks(text, at);
    const isQuoted = quote !== null && text.startsWith(quote, at);
    const written = isQuoted ? quoteField(field, dialect) : field;
    if (!isQuoted && (LINE_END.test(field) || (quote !== null && field.includes(quote)))) return null;
    if (!text.startsWith(written, at)) return null;
    quoted.push(isQuoted);
    at += written.length;
    if (trim) at = afterBlanks(text, at);
    if (index + 1 === fields.length) break;
    if (!text.startsWith(delimiter, at)) return null;
    at += delimiter.length;
  }
  return at === text.length ? { fields, quoted } : null;
}

function afterBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

function quoteField(field: string, { quote, escape: escaping }: WideDialect): string {
  if (quote === null || escaping === null) return field;
  const escaped = escaping === quote ? field : field.replaceAll(escaping, escaping + escaping);
  return quote + escaped.replaceAll(quote, escaping + quote) + quote;
}
