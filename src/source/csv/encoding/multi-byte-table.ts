import type { Encoding } from '../../../metadata/encodings.ts';
import type { EncodingTables, LongCharacters } from './table-transcoder.ts';
import { packUtf8 } from './transcoder.ts';

export type MultiByteEncoding = Extract<Encoding, 'shift_jis' | 'euc-jp' | 'euc-kr' | 'gb18030' | 'gbk' | 'big5'>;

const LF = 10;
const FIRST_TRAIL = 0x40;
/** Announces two more bytes in euc-jp. */
const THIRD_SET = 0x8f;
/** Where GB 18030-2022 has characters, and the tables still have private ones of the edition of 2005. */
const GB18030_2022 = [
  [0xa6d9, 0xfe10],
  [0xa6da, 0xfe12],
  [0xa6db, 0xfe11],
  [0xa6dc, 0xfe13],
  [0xa6dd, 0xfe14],
  [0xa6de, 0xfe15],
  [0xa6df, 0xfe16],
  [0xa6ec, 0xfe17],
  [0xa6ed, 0xfe18],
  [0xa6f3, 0xfe19],
  [0xfe59, 0x9fb4],
  [0xfe61, 0x9fb5],
  [0xfe66, 0x9fb6],
  [0xfe67, 0x9fb7],
  [0xfe6d, 0x9fb8],
  [0xfe7e, 0x9fb9],
  [0xfe90, 0x9fba],
  [0xfea0, 0x9fbb],
] as const;

/**
 * The tables of an encoding of several bytes, as the WHATWG Encoding Standard indexes it (shift_jis is Windows-31J, euc-kr is
 * Windows-949, big5 has the Hong Kong supplement, gbk has no characters of four bytes), from iconv-lite: what Node's own decoder says
 * depends on its version, and its big5 and gbk read some characters as private ones. The editions of 0x80 as a character of its own are
 * left out, but for the euro sign of gbk.
 */
export async function multiByteTables(encoding: MultiByteEncoding): Promise<EncodingTables> {
  const { default: iconv } = await import('iconv-lite');
  const decode = (sequences: readonly (readonly number[])[]): readonly string[] =>
    iconv.decode(Buffer.from(sequences.flatMap((each) => [...each, LF])), encoding, { stripBOM: false }).split('\n');
  const singles = new Uint32Array(256);
  const leads = new Uint8Array(256);
  const high = Array.from({ length: 128 }, (_, index) => 128 + index);
  for (const [index, text] of decode(high.map((byte) => [byte]))
    .slice(0, 128)
    .entries()) {
    const byte = 128 + index;
    if (byte > 0x80 || encoding === 'gbk') singles[byte] = packText(text);
    leads[byte] = Number(singles[byte] === 0 && byte > 0x80 && byte < 0xff);
  }
  const pairs = new Uint32Array(65_536);
  for (const lead of high.filter((byte) => leads[byte] === 1)) {
    const trails = Array.from({ length: 256 - FIRST_TRAIL }, (_, index) => FIRST_TRAIL + index);
    const texts = decode(trails.map((trail) => [lead, trail]));
    for (const [index, trail] of trails.entries()) pairs[(lead << 8) | trail] = packText(texts[index] ?? '\ufffd');
    const row = pairs.subarray(lead << 8, (lead + 1) << 8);
    leads[lead] = Number(row.some((packed) => packed !== 0) || encoding === 'gb18030' || lead === THIRD_SET);
  }
  if (encoding === 'gb18030' || encoding === 'gbk') {
    for (const [pair, code] of GB18030_2022) pairs[pair] = packUtf8(code);
  }
  return { singles, pairs, leads, long: longCharacters(encoding, decode) };
}

/** UTF-8 of what a sequence was decoded to; 0 where it is not valid. Four pairs of big5 are a letter and a combining mark. */
function packText(text: string): number {
  const bytes = Buffer.from(text);
  if (text.includes('\ufffd') || bytes.length > 4 || (bytes[0] ?? 0) < 0x80) return 0;
  return bytes.reduce((packed, byte, index) => packed + byte * 2 ** (8 * index), 0);
}

type Decode = (sequences: readonly (readonly number[])[]) => readonly string[];

function longCharacters(encoding: MultiByteEncoding, decode: Decode): LongCharacters | null {
  if (encoding === 'euc-jp') return new ThirdSet(decode);
  if (encoding === 'gb18030') return new FourBytes(decode);
  return null;
}

/** JIS X 0212 in euc-jp: 0x8f and two bytes from 0xa1 to 0xfe. */
class ThirdSet implements LongCharacters {
  readonly #table = new Uint32Array(94 * 94);

  constructor(decode: Decode) {
    const set = Array.from(this.#table, (_, index) => [THIRD_SET, 0xa1 + Math.floor(index / 94), 0xa1 + (index % 94)]);
    for (const [index, text] of decode(set).slice(0, set.length).entries()) this.#table[index] = packText(text);
  }

  read(source: Uint8Array, at: number) {
    const second = source[at + 1] ?? 0;
    if (source[at] !== THIRD_SET) return { packed: 0, size: second < 0x80 ? 1 : 2 };
    if (second < 0xa1 || second > 0xfe) return { packed: 0, size: second < 0x80 ? 1 : 2 };
    if (at + 2 >= source.length) return { packed: 0, size: 0 };
    const third = source[at + 2] ?? 0;
    if (third < 0xa1 || third > 0xfe) return { packed: 0, size: third < 0x80 ? 2 : 3 };
    return { packed: this.#table[(second - 0xa1) * 94 + third - 0xa1] ?? 0, size: 3 };
  }
}

const BMP_SEQUENCES = 39_420;
const FIRST_SUPPLEMENTARY = 189_000;

/** The characters of four bytes in gb18030: a lead and a digit, twice. What is not one of them is a broken lead. */
class FourBytes implements LongCharacters {
  readonly #table = new Uint32Array(BMP_SEQUENCES);

  constructor(decode: Decode) {
    const sequences = Array.from(this.#table, (_, index) => [
      0x81 + Math.floor(index / 12_600),
      0x30 + (Math.floor(index / 1260) % 10),
      0x81 + (Math.floor(index / 10) % 126),
      0x30 + (index % 10),
    ]);
    const texts = decode(sequences);
    for (const index of sequences.keys()) this.#table[index] = packText(texts[index] ?? '\ufffd');
  }

  read(source: Uint8Array, at: number) {
    const [first = 0, second = 0, third, fourth] = source.subarray(at, at + 4);
    if (second < 0x30 || second > 0x39) return { packed: 0, size: second < 0x80 ? 1 : 2 };
    const broken = { packed: 0, size: 1 };
    if (third === undefined) return { packed: 0, size: 0 };
    if (third < 0x81 || third > 0xfe) return broken;
    if (fourth === undefined) return { packed: 0, size: 0 };
    if (fourth < 0x30 || fourth > 0x39) return broken;
    const index = (((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + fourth - 0x30;
    const supplementary = index - FIRST_SUPPLEMENTARY;
    const packed =
      supplementary >= 0 && supplementary < 0x10_0000 ? packUtf8(0x1_0000 + supplementary) : (this.#table[index] ?? 0);
    return packed === 0 ? broken : { packed, size: 4 };
  }
}
