import type { Evidence } from '../../../flow/sniff.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import type { ByteFacts } from './sniff-bytes.ts';
import { weighEncodings } from './weigh-encodings.ts';

/** An encoding that a file may be in, and why. */
export interface EncodingGuess {
  readonly encoding: Encoding;
  /** Has to be confirmed by decoding the whole file. */
  readonly unproven: boolean;
  readonly evidence: Evidence;
}

/** Lines end in the text. */
function hasLines({ head }: ByteFacts, encoding: 'utf-16le' | 'utf-16be'): boolean {
  return /[\r\n]/.test(new TextDecoder(encoding).decode(head.subarray(0, 1 << 16)));
}

const count = (value: number): string => value.toLocaleString('en');

/** Encodings that the bytes may be in, most likely first; empty where they are no text. */
export async function sniffEncoding(facts: ByteFacts): Promise<readonly EncodingGuess[]> {
  const [first = 0, second = 0, third = 0] = facts.head;
  const of = (encoding: Encoding, confidence: number, because: string, unproven = false): EncodingGuess => ({
    encoding,
    unproven,
    evidence: { about: 'encoding', decided: encoding, confidence: Math.round(confidence * 100) / 100, because },
  });
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return [of('utf-16', 0.99, 'the file begins with the byte order mark of UTF-16', true)];
  }
  if (facts.nuls) {
    const half = facts.head.length / 2;
    // Latin letters and digits have a zero byte each, delimiters and line ends in any script.
    if (facts.oddNuls > half * 0.1 && facts.evenNuls < facts.oddNuls * 0.05 && hasLines(facts, 'utf-16le')) {
      return [of('utf-16le', 0.95, 'every second byte is mostly zero, the odd ones', true)];
    }
    if (facts.evenNuls > half * 0.1 && facts.oddNuls < facts.evenNuls * 0.05 && hasLines(facts, 'utf-16be')) {
      return [of('utf-16be', 0.95, 'every second byte is mostly zero, the even ones', true)];
    }
  }
  if (first === 0xef && second === 0xbb && third === 0xbf && facts.invalid <= facts.sequences) {
    const rest = facts.invalid === 0 ? 'all of it is valid' : `${count(facts.invalid)} bytes of it are not valid`;
    return [
      of('utf-8', facts.invalid === 0 ? 0.99 : 0.8, `the file begins with the byte order mark of UTF-8, and ${rest}`),
    ];
  }
  if (facts.ascii) return [of('utf-8', 0.99, `all ${count(facts.bytes)} bytes are ASCII`)];
  if (facts.invalid === 0)
    return [of('utf-8', 0.99, `all ${count(facts.bytes)} bytes are valid UTF-8, and not all of them ASCII`)];
  if (facts.sequences > facts.invalid * 4) {
    const because = `most of what is not ASCII is valid UTF-8; ${count(facts.invalid)} bytes are not, and their rows are rejects`;
    return [of('utf-8', 0.8, because)];
  }
  const weighed = await weighEncodings(facts.foreign);
  const high = facts.histogram.slice(0x80).reduce((sum, each) => sum + each, 0);
  return weighed.slice(0, 4).map(({ encoding, language, score }, index) => {
    const other = weighed[index === 0 ? 1 : 0]?.score ?? 0;
    const margin = Math.max(0, (score - other) / Math.max(score, 0.01));
    const enough = high / (high + 6);
    const confidence = Math.max(0.1, Math.min(0.95, score * (0.55 + margin) * (0.6 + 0.4 * enough)));
    const near =
      index === 0 && weighed[1] !== undefined && margin < 0.1 ? `; ${weighed[1].encoding} reads nearly as well` : '';
    const because = `not UTF-8; its ${count(high)} bytes above 127 read like ${language} in ${encoding}${near}`;
    return of(encoding, confidence, because, true);
  });
}
