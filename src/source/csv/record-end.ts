import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import { findEitherEnd } from './line-end.ts';

/**
 * The first CR or LF outside quotes, or, where a quote is never closed in the bytes and `final` says that no more is to be looked at,
 * the first CR or LF of all. -1 where there is none yet.
 */
export function findRecordEnd(
  bytes: Uint8Array,
  { delimiter, quote, escape: escaping }: Pick<CsvSourcePlan, 'delimiter' | 'quote' | 'escape'>,
  final: boolean,
): number {
  let fieldStart = true;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 10 || byte === 13) return at;
    if (fieldStart && byte === quote) {
      at = closingQuote(bytes, at + 1, quote, escaping);
      if (at < 0) return final ? findEitherEnd(bytes, 0) : -1;
    }
    fieldStart = byte === delimiter;
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
