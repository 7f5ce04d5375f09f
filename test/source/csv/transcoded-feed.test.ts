import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { ENCODINGS, type Encoding } from '../../../src/metadata/encodings.ts';
import { openDecoders } from '../../../src/source/csv/encoding/encoding-decoder.ts';
import { openTranscoder, type TranscodedEncoding } from '../../../src/source/csv/encoding/open-transcoder.ts';
import { TranscodedFeed } from '../../../src/source/csv/encoding/transcoded-feed.ts';
import { drain, MemoryFeed } from './memory-feed.ts';

const TRANSCODED = ENCODINGS.filter(
  (encoding): encoding is TranscodedEncoding => encoding !== 'utf-8' && encoding !== 'utf-16',
);

async function open(
  encoding: Exclude<Encoding, 'utf-8'>,
  bytes: Uint8Array,
  pieceBytes?: number,
): Promise<TranscodedFeed> {
  return new TranscodedFeed(new MemoryFeed(bytes), encoding, 'in.csv', pieceBytes);
}

async function transcode(
  encoding: Exclude<Encoding, 'utf-8'>,
  bytes: Uint8Array,
  pieceBytes?: number,
): Promise<Buffer> {
  await using feed = await open(encoding, bytes, pieceBytes);
  return await drain(feed);
}

const learnt = new Map<Encoding, Map<string, Buffer>>();

/** Every character that the encoding has (some of the long ones), by decoding each sequence that could be one: character → bytes. */
async function charactersOf(encoding: TranscodedEncoding): Promise<Map<string, Buffer>> {
  const before = learnt.get(encoding);
  if (before) return before;
  const known = new Map<string, Buffer>();
  learnt.set(encoding, known);
  const unit = encoding.startsWith('utf-16') ? 2 : 1;
  const transcoder = await openTranscoder(encoding);
  const target = new Uint8Array(32);
  const learn = (...bytes: number[]) => {
    const { read, written } = transcoder.run(Uint8Array.from(bytes), target, 8, true);
    if (read !== bytes.length || target.subarray(0, written).includes(0xff)) return;
    const text = Buffer.from(target.subarray(0, written)).toString();
    const single = [...text].length === 1 || (encoding === 'big5' && /[\u0304\u030c]/.test(text));
    if (single && !known.has(text)) known.set(text, Buffer.from(bytes));
  };
  for (let a = 0; a < 256; a += 1) {
    if (unit === 1) learn(a);
    for (let b = 0; b < 256; b += 1) if (a >= 0x80 || unit === 2) learn(a, b);
  }
  if (unit === 2) learn(...(encoding === 'utf-16le' ? [0x3d, 0xd8, 0, 0xde] : [0xd8, 0x3d, 0xde, 0]));
  if (encoding === 'euc-jp') for (let b = 0xa1; b < 0xff; b += 1) learn(0x8f, b, 0xc1);
  if (encoding === 'gb18030')
    for (let b = 0x30; b < 0x3a; b += 1) {
      learn(0x84, b, 0x95, 0x33);
      learn(0x90, b, 0x81, 0x30);
    }
  return known;
}

describe.each(TRANSCODED)('%s', (encoding) => {
  test('any text, in any pieces, is the same text in UTF-8, and every position is known', async () => {
    const known = await charactersOf(encoding);
    expect(known.size).toBeGreaterThan(180);
    const characters = [...known.keys()].filter((text) => text !== '\ufeff');
    const ascii = characters.filter((text) => text < '\x80');
    const texts = fc.array(fc.oneof(fc.constantFrom(...characters), fc.constantFrom(...ascii)), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        async (text, piece, size) => {
          const sequences = text.map((each) => known.get(each) as Buffer);
          const bytes = Buffer.concat([...sequences]);
          // A text whose first bytes look like a byte order mark is refused.
          fc.pre(!/^(fffe|feff|efbbbf|0000feff)/.test(bytes.toString('hex')));
          await using feed = await open(encoding, bytes, piece);
          expect((await drain(feed, size)).toString()).toBe(text.join(''));
          let from = 0;
          let at = 0;
          for (const [index, sequence] of sequences.entries()) {
            const length = Buffer.byteLength(text[index] as string);
            expect(feed.positionOf(at)).toBe(from);
            expect(feed.positionOf(at + length - 1)).toBe(from);
            from += sequence.length;
            at += length;
          }
          expect(feed.positionOf(at)).toBe(bytes.length);
          expect(Buffer.from(feed.slice(0, bytes.length)).equals(bytes)).toBe(true);
          feed.confirmEnd(at);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('any bytes, in any pieces, give the same bytes; what is not valid is 0xff, and a line end is never swallowed', async () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(10, 13, 44, 0x30, 0x81, 0x8f, 0xfe, 0xd8, 0xdc),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(byte, { maxLength: 80 }), fc.integer({ min: 1, max: 9 }), async (list, piece) => {
        const bytes = Buffer.concat([Buffer.from([0x20, 0x20]), Uint8Array.from(list)]);
        const whole = await transcode(encoding, bytes);
        expect((await transcode(encoding, bytes, piece)).equals(whole)).toBe(true);
        const text = Buffer.from(whole.filter((each) => each !== 0xff));
        expect(Buffer.from(text.toString()).equals(text)).toBe(true);
        expect(text.toString()).not.toContain('\ufffd');
        if (encoding.startsWith('utf-16')) return;
        expect(whole.filter((each) => each === 10).length).toBe(bytes.filter((each) => each === 10).length);
        expect(whole.filter((each) => each === 13).length).toBe(bytes.filter((each) => each === 13).length);
      }),
      { numRuns: 60 },
    );
  });

  test('a second implementation agrees on every character, but where it is known not to', async () => {
    const differences: string[] = [];
    const decoder = new TextDecoder(encoding === 'macintosh' || encoding.startsWith('utf-16') ? encoding : 'utf-8');
    for (const [text, bytes] of await charactersOf(encoding)) {
      const own = encoding === 'macintosh';
      const other = own ? decoder.decode(bytes) : iconv.decode(bytes, encoding, { stripBOM: false });
      if (other !== text) differences.push(`${bytes.toString('hex')} ${text} ${other}`);
    }
    // GB 18030-2022 has characters where the edition of 2005, which iconv-lite follows, has private ones.
    expect(differences.length, differences.slice(0, 5).join()).toBe(
      encoding === 'gb18030' || encoding === 'gbk' ? 18 : 0,
    );
  });
});

test.each(['shift_jis', 'euc-jp', 'euc-kr', 'gb18030'] as const)(
  'Node itself reads %s so, where it knows more than a private character',
  async (encoding) => {
    const decoder = new TextDecoder(encoding);
    const differences: string[] = [];
    for (const [text, bytes] of await charactersOf(encoding)) {
      const other = decoder.decode(bytes);
      if (other !== text && !/[\x80-\x9f\ufffd\ue000-\uf8ff]/.test(other))
        differences.push(`${bytes.toString('hex')} ${text} ${other}`);
    }
    // The ASCII separators are swapped in Node 20's shift_jis.
    expect(differences.filter((each) => !/^\w*(1a|1c|7f) /.test(each))).toEqual([]);
  },
);

describe('what is not valid', () => {
  test.each([
    ['windows-1252', '61 81 8d 8f 90 9d 62', 'a\xff\xff\xff\xff\xffb'],
    ['windows-1252', '80 85 99', '\xe2\x82\xac\xe2\x80\xa6\xe2\x84\xa2'],
    ['latin1', '80 9f ff', '\xc2\x80\xc2\x9f\xc3\xbf'],
    ['iso-8859-15', 'a4', '\xe2\x82\xac'],
    ['windows-1255', 'ca d9', '\xff\xff'],
    ['shift_jis', '82 2c 61', '\xff,a'],
    ['shift_jis', '82 0a 61', '\xff\na'],
    ['shift_jis', '5c 7e', '\\~'],
    ['shift_jis', '83 5c', '\xe3\x82\xbd'],
    ['shift_jis', '80 a0 fd', '\xff\xff\xff'],
    ['shift_jis', '61 82', 'a\xff'],
    ['euc-jp', '8f a1 0a', '\xff\n'],
    ['euc-jp', '8f 0a', '\xff\n'],
    ['euc-jp', '8f b0', '\xff'],
    ['euc-kr', 'b0 a1 81 41', '\xea\xb0\x80\xea\xb0\x82'],
    ['gb18030', '81 30 0a', '\xff0\n'],
    ['gb18030', '81 30 81 0a', '\xff0\xff\n'],
    ['gb18030', '81 30 81', '\xff0\xff'],
    ['gb18030', '84 31 a4 37', '\xff1\xff7'],
    ['gb18030', 'e3 32 9a 35', '\xf4\x8f\xbf\xbf'],
    ['gb18030', 'e3 32 9a 36', '\xff2\xff6'],
    ['gbk', '80 a2 e3', '\xe2\x82\xac\xe2\x82\xac'],
    ['gbk', '81 30 81 30', '\xff0\xff0'],
    ['big5', '88 62', '\xc3\x8a\xcc\x84'],
    ['utf-16le', '61 00 3d d8 62 00', 'a\xffb'],
    ['utf-16le', '61 00 00 de 62 00', 'a\xffb'],
    ['utf-16le', '61 00 3d d8', 'a\xff'],
    ['utf-16le', '61 00 3d d8 00', 'a\xff\xff'],
    ['utf-16le', '61 00 62', 'a\xff'],
    ['utf-16be', 'd8 3d de 00 00', '\xf0\x9f\x98\x80\xff'],
  ] as const)('%s %s', async (encoding, hex, expected) => {
    const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    for (const piece of [1, 2, 3, 100]) {
      expect((await transcode(encoding, bytes, piece)).toString('latin1')).toBe(expected);
    }
  });
});

describe('byte order marks', () => {
  const text = Buffer.from('a,b');
  const wide = Buffer.from('a,b', 'utf16le');
  const mark = {
    'utf-8': [0xef, 0xbb, 0xbf],
    'utf-16le': [0xff, 0xfe],
    'utf-16be': [0xfe, 0xff],
    'utf-32le': [0xff, 0xfe, 0, 0],
  };

  test('utf-16 goes by it, and it stays as that of UTF-8', async () => {
    for (const piece of [1, 5, 100]) {
      const little = await transcode('utf-16', Buffer.concat([Buffer.from(mark['utf-16le']), wide]), piece);
      const big = await transcode(
        'utf-16',
        Buffer.concat([Buffer.from(mark['utf-16be']), Buffer.from(wide).swap16()]),
        piece,
      );
      expect(little.toString()).toBe('\ufeffa,b');
      expect(big.toString()).toBe('\ufeffa,b');
    }
    expect((await transcode('utf-16', Buffer.alloc(0))).length).toBe(0);
    expect((await transcode('gb18030', Buffer.from([0x84, 0x31, 0x95, 0x33]))).toString()).toBe('\ufeff');
  });

  test.each([
    ['utf-16', null, wide, /utf-16le or utf-16be/],
    ['utf-16', 'utf-8', text, /encoding to utf-8/],
    ['utf-16le', 'utf-16be', wide, /encoding to utf-16be/],
    ['utf-16be', 'utf-16le', wide, /encoding to utf-16le/],
    ['utf-16le', 'utf-8', text, /encoding to utf-8/],
    ['latin1', 'utf-8', text, /encoding to utf-8/],
    ['shift_jis', 'utf-16le', wide, /encoding to utf-16le/],
    ['utf-16', 'utf-32le', wide, /UTF-32/],
  ] as const)('%s with the mark of %s is refused', async (encoding, found, rest, hint) => {
    const bytes = Buffer.concat([Buffer.from(found === null ? [] : mark[found]), rest]);
    for (const piece of [1, 100]) {
      await expect(transcode(encoding, bytes, piece)).rejects.toMatchObject({
        code: 'ATLAS_CSV_ENCODING',
        hint: expect.stringMatching(hint),
      });
    }
  });
});

test('what was forgotten is gone, what was not is still known', async () => {
  const bytes = Buffer.from('é,1\n'.repeat(50_000), 'latin1');
  await using feed = await open('latin1', bytes, 1000);
  const target = new Uint8Array(5);
  for (let line = 0; line < 50_000; line += 1) {
    expect(await feed.fill(target)).toBe(5);
    expect(feed.positionOf(line * 5)).toBe(line * 4);
    expect(feed.positionOf(line * 5 + 5)).toBe(line * 4 + 4);
    feed.forget(line * 5 + 5);
  }
  expect(() => feed.positionOf(2)).toThrow(/nobody knows/);
});

test('a decoder for those who guess reads as the feed does, in any pieces', async () => {
  const bytes = Buffer.from([0x80, 0x81, 0x41, 0x82, 0xa0, 0x0a, 0x82]);
  for (const [encoding, text] of [
    ['windows-1252', '€\ufffdA‚\u00a0\n‚'],
    ['shift_jis', '\ufffd、あ\n\ufffd'],
    ['utf-16', null],
  ] as const) {
    const make = await openDecoders(encoding);
    const whole = make().decode(bytes);
    if (text !== null) expect(whole).toBe(text);
    const decoder = make();
    const pieces = [...bytes].map((byte) => decoder.decode(Uint8Array.of(byte), { stream: true }));
    expect(pieces.join('') + decoder.decode()).toBe(whole);
  }
  expect((await openDecoders('utf-16'))().decode(Buffer.from('\ufeffab', 'utf16le'))).toBe('ab');
});
