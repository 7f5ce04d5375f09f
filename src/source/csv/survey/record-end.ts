import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import { findEitherEnd } from '../../lines/line-end.ts';
import { afterBareEscape } from '../parser/bare-escapes.ts';
import { skipBlanks } from '../parser/blanks.ts';

const BACKSLASH = 92;

/**
 * The first CR or LF outside quotes and escapes, or, where a quote is never closed in the bytes and `final` says that no more is to be
 * looked at, the first CR or LF of all; of a comment line the first of all too. -1 where there is none yet.
 */
export function findRecordEnd(
  bytes: Uint8Array,
  dialect: Pick<CsvSourcePlan, 'delimiter' | 'quote' | 'escape' | 'bareEscapes' | 'trim' | 'comment'>,
  final: boolean,
): number {
  const { delimiter, quote, escape: escaping, bareEscapes, trim, comment } = dialect;
  if (bytes.length > 0 && bytes[0] === comment) return findEitherEnd(bytes, 0);
  let fieldStart = true;
  let at = 0;
  while (at < bytes.length) {
    if (fieldStart && trim) at = skipBlanks(bytes, at, bytes.length);
    const byte = bytes[at];
    if (byte === 10 || byte === 13) return at;
    if (fieldStart && byte === quote) {
      at = closingQuote(bytes, at + 1, quote, escaping);
      if (at < 0) return final ? findEitherEnd(bytes, 0) : -1;
    }
    fieldStart = byte === delimiter;
    at = bareEscapes && byte === BACKSLASH ? afterBareEscape(bytes, at, null, final) : at + 1;
    if (at < 0) return -1;
  }
  return -1;
}

function closingQuote(bytes: Uint8Array, from: number, quote: number | undefined, escaping: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === escaping && (escaping !== quote || bytes[at + 1] === quote)) at += 1;
    else if (bytes[at] === quote) return at;
  }
  return -1;
}
