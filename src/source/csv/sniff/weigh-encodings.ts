import type { Encoding } from '../../../metadata/encodings.ts';
import { openDecoders } from '../encoding/encoding-decoder.ts';
import { PLAUSIBLE, type Script } from './sniff-scripts.ts';

/** How plausible bytes are as text in an encoding. */
export interface Plausibility {
  readonly encoding: Encoding;
  readonly language: string;
  /** 0 to 1: how much of what is not ASCII reads like the language. */
  readonly score: number;
}

/** Characters that stand beside letters in any language. */
const NEUTRAL =
  /[\u00a0\u2018-\u201e\u2026\u2013\u2014\u2022€£¥§©®°±²³µ·«»¼½¾×÷´¨‰™、。，：；！？（）「」【】・￥％～—“”‘’…　]/u;

/** Every encoding that the bytes could be in, most plausible first. `foreign`: text around bytes above 127. */
export async function weighEncodings(foreign: Uint8Array): Promise<readonly Plausibility[]> {
  const decoders = await Promise.all(PLAUSIBLE.map(([encoding]) => openDecoders(encoding)));
  const weighed = PLAUSIBLE.flatMap(([encoding, scripts], order) => {
    const text = decoders[order]?.().decode(foreign) ?? '';
    const best = scripts
      .map((script) => ({ encoding, language: script.language, score: plausibility(text, script, encoding) }))
      .sort((a, b) => b.score - a.score)[0];
    // Of equals the more usual one.
    return best === undefined || best.score <= 0 ? [] : [{ ...best, score: best.score * (1 - order * 0.004) }];
  });
  return weighed.sort((a, b) => b.score - a.score);
}

const LETTER = /\p{L}/u;
const LOWER = /\p{Ll}/u;
const UPPER = /\p{Lu}/u;
/** Scripts in which several thousand letters are usual. */
const IDEOGRAPHIC = new Set(['Japanese', 'Chinese', 'Chinese (traditional)', 'Korean']);

function plausibility(text: string, script: Script, encoding: Encoding): number {
  const letters = new Set(script.letters);
  const ideographic = IDEOGRAPHIC.has(script.language);
  // Letters of such scripts never stand beside Latin ones within a word.
  const alone = !ideographic && !/[a-zà-ž]/.test(script.letters);
  let [known, odd, all, neutral] = [0, 0, 0, 0];
  let before = '\n';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0x7f) {
      if (code === 0xfffd || (code >= 0x80 && code < 0xa0)) odd += 2;
      else if (letters.has(character)) known += 1;
      else if (NEUTRAL.test(character)) neutral += 1;
      else if (!LETTER.test(character)) odd += 0.6;
      // Half-width katakana and private characters are what other encodings look like.
      if (code >= 0xff61 && code <= 0xff9f) odd += 0.3;
      if (code >= 0xe000 && code <= 0xf8ff) odd += 2;
      all += 1;
      if (ideographic) {
        // A single ideograph among Latin letters.
        if (/[a-z]/.test(before) && code >= 0x3400) odd += 0.7;
      } else if (alone && /[A-Za-z]/.test(before) && LETTER.test(character)) odd += 0.8;
      else if (LOWER.test(before) && UPPER.test(character)) odd += 0.7;
      else if (before > '\x7f' && UPPER.test(before) && LOWER.test(character) === false && encoding === 'koi8-r')
        odd += 0.1;
    } else if (alone && /[A-Za-z]/.test(character) && before > '\x7f' && LETTER.test(before)) odd += 0.8;
    else if (!ideographic && before > '\x7f' && UPPER.test(character) && LOWER.test(before)) odd += 0.5;
    before = character;
  }
  if (all === 0) return 0;
  // Signs alone (a degree, a quotation mark) prove little: as good as half.
  const share = Math.min(1, known / Math.max(1, all - neutral) / (script.share ?? 1));
  const read = neutral === all ? 0.5 : share;
  return Math.max(0, read - odd / all);
}
