/** What a text looks like, as far as telling a header from data and one dialect from another needs. */
export type TextKind = 'empty' | 'number' | 'time' | 'flag' | 'code' | 'word' | 'text';

const NUMBER =
  /^[+\-(]?(?:[$€£¥₹]|[A-Z]{3} )?[+-]?(?:\d{1,3}(?:[,.  '’_]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?\)?\s?(?:%|[$€£¥₹])?$/u;
const TIME =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[- ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[- ,]+\d{2,4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2},? \d{2,4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]m)?(?:Z| ?[+-]\d{2}:?\d{2})?)?$|^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[ap]m)?$/iu;
const FLAG = /^(?:true|false|yes|no|null|na|n\/a|nan|none|\\N|-)$/i;
const CODE =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|https?:\/\/\S+|[^\s@,;|]+@[^\s@,;|]+\.[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}|[[{].*[\]}])$/i;
const WORD = /^[\p{L}\p{N}_.+#()/&'’%$°-]+(?: [\p{L}\p{N}_.+#()/&'’%$°-]+){0,5}$/u;

/** Longer texts are not looked at closely. */
const CLOSELY = 80;

export function kindOfText(text: string): TextKind {
  if (text === '') return 'empty';
  if (text.length <= CLOSELY) {
    const first = text.charCodeAt(0);
    if (first < 0x41 || first > 0x7f) {
      if (NUMBER.test(text)) return 'number';
      if (TIME.test(text)) return 'time';
    } else if (TIME.test(text) || (first < 0x5b && NUMBER.test(text))) return TIME.test(text) ? 'time' : 'number';
    if (FLAG.test(text)) return 'flag';
  }
  if (CODE.test(text)) return 'code';
  return text.length <= CLOSELY && WORD.test(text) ? 'word' : 'text';
}

/** Characters that part fields more often than they stand in text, by how rarely text has them. */
const PARTING = /[|;~^]|(?! )\p{Cc}/u;
const COMMA = /,/;

/** How much sense a cell makes, 0 to 1: a number or date all, a text that holds other delimiters or stray quotes little. */
export function senseOf(text: string, quoted: boolean): number {
  const kind = kindOfText(text);
  if (kind === 'word') return quoted ? 0.97 : 0.92;
  if (kind === 'empty') return 0.9;
  if (kind !== 'text') return 1;
  if (quoted) return 0.95;
  if (/^["']|["']$/.test(text)) return 0.2;
  if (/^[ \t]|[ \t]$/.test(text)) return kindOfText(text.trim()) === 'number' ? 0.45 : 0.65;
  if (PARTING.test(text)) return 0.3;
  return COMMA.test(text) ? 0.55 : 0.75;
}
