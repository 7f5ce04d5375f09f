import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { type Driven, drive, openDecoder, planOf, type Wanted } from './drive.ts';
import { binaryRow, END, integer, packets, resultOf, stamp, time, withLength } from './mysql-bytes.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`packets of MySQL: seed ${seed}`);

const COLUMNS: readonly Wanted[] = [
  { type: 'int32', wire: { form: 'int', bytes: 4, signed: true } },
  { type: 'string', wire: { form: 'text' } },
  { type: 'uint64', wire: { form: 'int', bytes: 8, signed: false } },
  { type: 'timestamp(us)', wire: { form: 'timestamp' } },
];
const text = (value: string | Buffer) => withLength(Buffer.from(value as string));
const WHEN = stamp([2024, 2, 29], [23, 59, 58, 7]);
const ROWS: readonly (readonly (Buffer | null)[])[] = [
  [integer(1n, 4), text('first'), integer(1n << 63n, 8), withLength(WHEN)],
  [null, text(''), null, null],
  [integer(-3n, 4), text('y'.repeat(251)), integer(7n, 8), withLength(stamp([1970, 1, 1]))],
  [integer(4n, 4), null, integer(0n, 8), withLength(stamp([1970, 1, 1], [0, 0, 1, 0]))],
];
const VALUES = [
  [1n, 'first', 1n << 63n, 1_709_251_198_000_007n],
  [null, '', null, null],
  [-3n, 'y'.repeat(251), 7n, 0n],
  [4n, null, 0n, 1_000_000n],
];
const FIRST = { sequence: 5 };

function facts({ rows, rejects, messages, rest, spans }: Driven) {
  return { rows, rejects, messages, rest: Buffer.from(rest).toString('hex'), spans };
}

async function fault(bytes: Uint8Array): Promise<string> {
  const decoder = await openDecoder(planOf(COLUMNS), 'mysql');
  try {
    drive(decoder, bytes, [65_536], FIRST);
  } catch (error) {
    if (error instanceof AtlasError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing';
}

describe('a stream of packets', () => {
  it('is the same wherever it is cut', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'mysql');
    const result = resultOf(ROWS);
    const stream = Buffer.concat([result, Buffer.from([1, 2, 3])]);
    const whole = drive(decoder, stream, [65_536], FIRST);
    expect(whole.rows).toEqual(VALUES);
    expect(whole.messages[0]).toEqual({ type: 0xfe, bytes: packets(END, 9) });
    expect(Buffer.from(whole.rest).toString('hex')).toBe('010203');
    expect(decoder.sequence).toBe(10);
    expect(whole.spans).toMatchObject({ header: 0, row: result.length - END.length - 4, reject: 0 });
    for (let cut = 1; cut < stream.length; cut++) {
      expect(facts(drive(decoder, stream, [cut, stream.length], FIRST))).toEqual(facts(whole));
    }
    expect(facts(drive(decoder, stream, [1], FIRST))).toEqual(facts(whole));
  });

  it('is numbered round and round', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'mysql');
    const many = Array.from({ length: 3000 }, (_, row) => ROWS[row % 4] ?? []);
    const driven = drive(decoder, resultOf(many, 250), [10_007], { sequence: 250 });
    expect(driven.rows.length).toBe(3000);
    expect(driven.rows.slice(-4)).toEqual(VALUES);
  });

  it('ends with an error of the server too, which is handed on', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'mysql');
    const error = packets(
      Buffer.concat([Buffer.from([0xff, 0x20, 0x0c]), Buffer.from('#70100Query execution was interrupted')]),
      6,
    );
    const stream = Buffer.concat([packets(binaryRow(ROWS[0] ?? []), 5), error]);
    const driven = drive(decoder, stream, [9], FIRST);
    expect(driven.rows).toEqual([VALUES[0]]);
    expect(driven.messages).toEqual([{ type: 0xff, bytes: error }]);
  });

  it('holds one NULL where no column is taken', async () => {
    const plan = planOf([{ type: 'string', wire: null, constant: { kind: 'text', text: 'here' } }]);
    const decoder = await openDecoder(plan, 'mysql');
    expect(drive(decoder, resultOf([[null], [null]]), [65_536], FIRST).rows).toEqual([['here'], ['here']]);
  });

  it.each([
    ['just below one packet', 0xff_ffff - 40],
    ['of one packet and an empty one', 0xff_ffff - 1 - 1 - 4 - 4 - 8 - 1 - 7],
    ['of two packets', 0xff_ffff + 5000],
    ['of three packets', 2 * 0xff_ffff + 77],
  ])('joins a row %s', { timeout: 120_000 }, async (_name, length) => {
    const decoder = await openDecoder(planOf(COLUMNS, { maxRowBytes: 40 << 20 }), 'mysql');
    const long = Buffer.alloc(length);
    for (let at = 0; at < length; at += 977) long[at] = 97 + (at % 26);
    const row = [integer(1n, 4), withLength(long), integer(2n, 8), withLength(stamp([1970, 1, 1], [0, 0, 1, 0]))];
    const stream = resultOf([...ROWS, row, ...ROWS]);
    const driven = drive(decoder, stream, [1 << 20], FIRST);
    expect(driven.rows.length).toBe(9);
    expect(driven.rows[4]?.[1]).toBe(long.toString('latin1'));
    expect(driven.rows[4]?.slice(2)).toEqual([2n, 1_000_000n]);
    expect(driven.rows.slice(5)).toEqual(VALUES);
    expect(driven.spans.row).toBe(stream.length - END.length - 4);
  });
});

describe('rejects', () => {
  it('hold the row as its server prints it', async () => {
    const plan = planOf([
      { type: 'tinyint', wire: { form: 'int', bytes: 8, signed: false } },
      { type: 'timestamp(us)', wire: { form: 'timestamp' } },
      { type: 'date', wire: { form: 'date' } },
      { type: 'time(us)', wire: { form: 'time' } },
      { type: 'real', wire: { form: 'float', bytes: 4 } },
      { type: 'uint64', wire: { form: 'bits' } },
      { type: 'binary', wire: { form: 'bytes' } },
    ]);
    const decoder = await openDecoder(plan, 'mysql');
    const single = Buffer.alloc(4);
    single.writeFloatLE(0.1);
    const bits = text(Buffer.from([5]));
    const rows = [
      [
        integer((1n << 64n) - 1n, 8),
        withLength(WHEN),
        withLength(stamp([0, 0, 0])),
        withLength(time(-1n)),
        single,
        bits,
        text(Buffer.from([0xff])),
      ],
      [
        integer(1n, 8),
        withLength(stamp([2024, 0, 0])),
        null,
        withLength(time(838n * 3_600_000_000n + 3_599_000_000n)),
        null,
        null,
        null,
      ],
      [integer(1n, 8), null, null, withLength(time(86_400_000_000n)), null, null, null],
    ];
    const { rejects } = drive(decoder, resultOf(rows), [65_536], FIRST);
    expect(rejects).toMatchObject([
      {
        line: 0,
        column: 'c0',
        code: 'ATLAS_CAST_RANGE',
        raw: '{"c0":18446744073709551615,"c1":"2024-02-29 23:59:58.000007","c2":"0000-00-00","c3":"-00:00:00.000001","c4":0.1,"c5":"00000101","c6":{"base64":"/w=="}}',
      },
      {
        line: 1,
        column: 'c1',
        code: 'ATLAS_CAST_CALENDAR',
        raw: '{"c0":1,"c1":"2024-00-00 00:00:00","c2":null,"c3":"838:59:59","c4":null,"c5":null,"c6":null}',
      },
      { line: 2, column: 'c3', code: 'ATLAS_CAST_RANGE' },
    ]);
  });
});

describe('packets that are not what they must be', () => {
  const good = binaryRow(ROWS[0] ?? []);

  it.each([
    [
      'out of order',
      packets(good, 6),
      'row 1 of postgresql://shop/public.orders: packet number 6 came, 5 must come next',
    ],
    [
      'neither row nor end',
      packets(Buffer.from([7, 1]), 5),
      'a packet begins with byte 7, which is neither a row nor the end of the result',
    ],
    ['empty', packets(Buffer.alloc(0), 5).fill(1, 4), 'packet'],
    ['too short for their nulls', packets(Buffer.from([0]), 5), 'its message'],
    ['of a number cut off', packets(good.subarray(0, 4), 5), 'field 1 of 4 says that it is longer than its row'],
    [
      'of a text beyond their end',
      packets(Buffer.concat([Buffer.from([0, 0]), integer(1n, 4), Buffer.from([252, 255, 255, 1])]), 5),
      'field 2 of 4',
    ],
    [
      'of a text of no length',
      packets(Buffer.concat([Buffer.from([0, 0]), integer(1n, 4), Buffer.from([255, 1])]), 5),
      'field 2 of 4',
    ],
    [
      'of a text of more than 4 GiB',
      packets(Buffer.concat([Buffer.from([0, 0]), integer(1n, 4), Buffer.from([254, 0, 0, 0, 0, 1, 0, 0, 0])]), 5),
      'field 2 of 4',
    ],
    ['longer than their row', packets(Buffer.concat([good, Buffer.from([1])]), 5), 'its message'],
    [
      'of a date of five bytes',
      packets(binaryRow([null, null, null, withLength(Buffer.alloc(5))]), 5),
      'the 5 bytes of c3 are no timestamp',
    ],
  ])('are a clear error: %s', async (_name, bytes, message) => {
    const found = await fault(Buffer.concat([bytes, packets(END, 6)]));
    expect(found).toMatch(/^ATLAS_DB_PROTOCOL: /);
    expect(found).toContain(message);
  });

  it('name the limit that a row exceeds, whether it is of one packet or of several', async () => {
    const long = (length: number) =>
      Buffer.concat([packets(good, 5), packets(binaryRow([null, text(Buffer.alloc(length)), null, null]), 6)]);
    expect(await fault(long(70_000))).toMatch(
      /^ATLAS_DB_ROW_TOO_LONG: row 2 of .* has 70006 bytes, max_row_bytes is 65536$/,
    );
    expect(await fault(long(0x100_0000))).toMatch(/^ATLAS_DB_ROW_TOO_LONG: row 2 of .*, max_row_bytes is 65536$/);
  });

  it('never trap, hang, or are read beyond their end', { timeout: 120_000 }, async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'mysql');
    const stream = resultOf([...ROWS, ...ROWS]);
    const changed = fc
      .array(
        fc.tuple(fc.nat(stream.length - 1), fc.oneof(fc.constantFrom(0, 1, 250, 251, 252, 253, 254, 255), fc.nat(255))),
        { maxLength: 4 },
      )
      .map((changes) => {
        const bytes = Buffer.from(stream);
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(
        fc.oneof(
          changed,
          fc.uint8Array({ maxLength: 300 }),
          changed.map((bytes) => bytes.subarray(0, bytes.length >> 1)),
        ),
        fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 5 }),
        (bytes, sizes) => {
          const outcome = (cuts: readonly number[]): unknown => {
            try {
              return facts(drive(decoder, bytes, cuts, FIRST));
            } catch (error) {
              if (error instanceof AtlasError && error.code.startsWith('ATLAS_DB_')) return error.message;
              throw error;
            }
          };
          expect(outcome(sizes)).toEqual(outcome([1 << 16]));
        },
      ),
      { seed, numRuns: 1500 },
    );
  });
});
