import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { type Driven, drive, openDecoder, planOf, type Wanted } from './drive.ts';
import { copyHeader, copyOf, int16, int32, message, rowBody } from './postgres-bytes.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e9);
console.log(`messages of PostgreSQL: seed ${seed}`);

const COLUMNS: readonly Wanted[] = [
  { type: 'int32', wire: { form: 'int', bytes: 4, signed: true } },
  { type: 'string', wire: { form: 'text' } },
  { type: 'int64', wire: { form: 'text' } },
];
const text = (value: string) => Buffer.from(value);
const NOTICE = message('N', text('SNOTICE\0Mhello\0\0'));
const DONE = message('c', Buffer.alloc(0));
const ROWS: readonly (readonly (Buffer | null)[])[] = [
  [int32(1), text('first'), text('10')],
  [null, text(''), null],
  [int32(3), text('a text that is longer than sixteen bytes, and than thirty-two'), text('-7')],
  [int32(-4), null, text('+8')],
];
const VALUES = [
  [1n, 'first', 10n],
  [null, '', null],
  [3n, 'a text that is longer than sixteen bytes, and than thirty-two', -7n],
  [-4n, null, 8n],
];

/** What does not depend on how the stream was cut. */
function facts({ rows, rejects, messages, rest, spans }: Driven) {
  return { rows, rejects, messages, rest: Buffer.from(rest).toString('hex'), spans };
}

async function fault(bytes: Uint8Array, columns = COLUMNS): Promise<string> {
  const decoder = await openDecoder(planOf(columns), 'postgresql');
  try {
    drive(decoder, bytes);
  } catch (error) {
    if (error instanceof AtlasError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing';
}

describe('a stream of messages', () => {
  it('is the same wherever it is cut', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'postgresql');
    const [copied, ...rest] = ROWS.map((row) => message('d', rowBody(row)));
    const first = message('d', Buffer.concat([copyHeader(), rowBody(ROWS[0] ?? [])]));
    const stream = Buffer.concat([
      first,
      NOTICE,
      ...rest,
      copied as Buffer,
      message('d', int16(-1)),
      DONE,
      text('what follows'),
    ]);
    const whole = drive(decoder, stream);
    expect(whole.rows).toEqual([...VALUES, VALUES[0]]);
    expect(whole.messages).toEqual([
      { type: 78, bytes: NOTICE },
      { type: 99, bytes: DONE },
      { type: 119, bytes: text('what follows') },
    ]);
    expect(whole.spans.header + whole.spans.row).toBe(stream.length - NOTICE.length - DONE.length - 12);
    for (let cut = 1; cut < stream.length; cut++) {
      expect(facts(drive(decoder, stream, [cut, stream.length]))).toEqual(facts(whole));
    }
    expect(facts(drive(decoder, stream, [1]))).toEqual(facts(whole));
  });

  it('may hold the header alone, an extension of it, no row at all', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'postgresql');
    const row = message('d', rowBody(ROWS[0] ?? []));
    const alone = [message('d', copyHeader(text('anything'))), row, message('d', int16(-1)), DONE];
    expect(drive(decoder, Buffer.concat(alone)).rows).toEqual([VALUES[0]]);
    expect(drive(decoder, copyOf([])).rows).toEqual([]);
    expect(drive(decoder, copyOf([])).spans).toMatchObject({ header: 5 + 19 + 2, row: 0 });
  });

  it('may be DataRows, portal after portal', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'postgresql');
    const rows = ROWS.map((row) => message('D', rowBody(row)));
    const suspended = message('s', Buffer.alloc(0));
    const stream = Buffer.concat([...rows.slice(0, 3), suspended, ...rows.slice(3), message('C', text('SELECT 4\0'))]);
    const driven = drive(decoder, stream, [7], { mode: 'rows' });
    expect(driven.rows).toEqual(VALUES);
    expect(driven.batches).toEqual([3, 1]);
    expect(driven.messages.map(({ type }) => String.fromCharCode(type))).toEqual(['s', 'C']);
  });

  it('numbers rows on where a result goes on', async () => {
    const decoder = await openDecoder(planOf([{ type: 'int64', wire: { form: 'text' } }]), 'postgresql');
    drive(decoder, copyOf([[text('1')], [text('2')]]));
    const driven = drive(decoder, copyOf([[text('x')]]), [65_536], { goOn: true });
    expect(driven.rejects).toMatchObject([{ line: 2, column: 'c0', code: 'ATLAS_CAST_SYNTAX', raw: '{"c0":"x"}' }]);
    expect(decoder.rows).toBe(2);
    expect(decoder.rejected).toBe(1);
    const one = copyOf([[text('1')], [text('2')]]).length + copyOf([[text('x')]]).length;
    const { header, row, reject } = driven.spans;
    expect(header + row + reject).toBe(one - 2 * DONE.length);
  });

  it('hands on messages that are longer than the window, in pieces', async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'postgresql');
    const long = message('E', Buffer.alloc(5 << 20, 'x'));
    const driven = drive(
      decoder,
      Buffer.concat([message('D', rowBody(ROWS[0] ?? [])), long, message('Z', text('I'))]),
      [1 << 16],
      { mode: 'rows' },
    );
    expect(driven.rows).toEqual([VALUES[0]]);
    expect(driven.messages.map(({ bytes }) => bytes.length)).toEqual([long.length, 6]);
    expect(driven.messages[0]?.bytes.equals(long)).toBe(true);
  });

  it.each([0, 1, 2, 1600])('has rows of %i columns', async (count) => {
    const plan = planOf(Array.from({ length: count }, () => ({ type: 'int64', wire: { form: 'text' } }) as const));
    const decoder = await openDecoder(plan, 'postgresql');
    const rows = Array.from({ length: 200 }, (_, row) =>
      Array.from({ length: count }, (_2, i) => (i % 7 === 3 ? null : text(String(row * i)))),
    );
    const driven = drive(decoder, copyOf(rows));
    expect(driven.rows.length).toBe(200);
    expect(driven.rows[199]).toEqual(rows[199]?.map((cell) => (cell === null ? null : BigInt(cell.toString()))));
  });

  it('is cut into batches of fetch_size rows at most, and into the same whatever pieces it comes in', async () => {
    const rows = Array.from({ length: 500 }, (_, row) => [int32(row), Buffer.alloc((row * 31) % 4000, 'y'), text('1')]);
    const decoder = await openDecoder(planOf(COLUMNS, { fetchRows: 100 }), 'postgresql');
    const stream = copyOf(rows);
    const whole = drive(decoder, stream, [1 << 20]);
    expect(Math.max(...whole.batches)).toBe(100);
    expect(whole.rows.length).toBe(500);
    expect(drive(decoder, stream, [4093]).batches).toEqual(whole.batches);
    const wide = await openDecoder(planOf(COLUMNS), 'postgresql');
    const all = drive(wide, stream, [1 << 20]);
    expect(all.batches.length).toBeGreaterThan(1);
    for (const size of [1000, 65_536, 300_001]) expect(drive(wide, stream, [size]).batches).toEqual(all.batches);
  });
});

describe('rejects', () => {
  it('say where, which column and why, and hold the row as JSON', async () => {
    const plan = planOf([
      { type: 'tinyint', wire: { form: 'int', bytes: 4, signed: true } },
      { type: 'string', wire: { form: 'text' }, nullable: false },
      { type: 'date', wire: { form: 'date' } },
    ]);
    const decoder = await openDecoder(plan, 'postgresql');
    const rows = [
      [int32(1), text('good'), int32(0)],
      [int32(300), null, int32(0x7fff_ffff)],
      [int32(2), null, int32(1)],
      [int32(3), Buffer.from([0xff]), int32(-800_000)],
      [int32(4), text('"'), int32(0x7fff_ffff)],
    ];
    const stream = copyOf(rows);
    const { rows: taken, rejects, spans } = drive(decoder, stream);
    expect(taken).toEqual([[1n, 'good', 10_957n]]);
    expect(rejects).toMatchObject([
      { line: 1, column: 'c0', code: 'ATLAS_CAST_RANGE', raw: '{"c0":300,"c1":null,"c2":"infinity"}' },
      { line: 2, column: 'c1', code: 'ATLAS_DB_NULL', raw: '{"c0":2,"c1":null,"c2":"2000-01-02"}' },
      { line: 3, column: 'c1', code: 'ATLAS_DB_UTF8', raw: '{"c0":3,"c1":{"base64":"/w=="},"c2":"0192-09-04 BC"}' },
      { line: 4, column: 'c2', code: 'ATLAS_CAST_RANGE', raw: '{"c0":4,"c1":"\\"","c2":"infinity"}' },
    ]);
    expect(rejects.reduce((sum, { length }) => sum + length, 0)).toBe(spans.reject);
    expect(rejects[0]?.offset).toBe(spans.row);
    expect(spans.header + spans.row + spans.reject).toBe(stream.length - 5);
  });

  it('end a task at its limit', async () => {
    const decoder = await openDecoder(planOf([{ type: 'int64', wire: { form: 'text' } }]), 'postgresql');
    decoder.begin({});
    decoder.write(copyOf(Array.from({ length: 20 }, () => [text('x')])));
    const decoded = decoder.next(3);
    expect(decoded).toMatchObject({ kind: 'batch', stopped: true, rejects: [{ line: 0 }, { line: 1 }, { line: 2 }] });
    expect(decoder.rejected).toBe(3);
  });
});

describe('JSON', () => {
  it('is looked at, unless the server has', async () => {
    const plan = planOf([
      { type: 'json', wire: { form: 'text' } },
      { type: 'json', wire: { form: 'text' } },
    ]);
    const columns = [{ wire: { form: 'text' }, serverType: 'jsonb' } as const, plan.columns[1] ?? null];
    const decoder = await openDecoder({ ...plan, columns }, 'postgresql');
    const { rows, rejects } = drive(
      decoder,
      copyOf([
        [text('{"a":1}'), text('[]')],
        [text('{}'), text('{')],
        [null, null],
      ]),
    );
    expect(rows).toEqual([
      ['{"a":1}', '[]'],
      [null, null],
    ]);
    expect(rejects).toMatchObject([{ line: 1, column: 'c1', code: 'ATLAS_CAST_SYNTAX' }]);
  });
});

describe('bytes that are not what they must be', () => {
  const row = (cells: readonly (Buffer | null)[]) =>
    Buffer.concat([message('d', Buffer.concat([copyHeader(), rowBody(cells)])), DONE]);
  const three = ROWS[0] ?? [];

  it.each([
    [
      'another number of fields',
      row([int32(1)]),
      'row 1 of postgresql://shop/public.orders: 1 fields, 3 were asked for',
    ],
    [
      'a message without its length',
      Buffer.from([100, 0, 0, 0, 3]),
      'a message says it has 3 bytes, its length alone has 4',
    ],
    ['no header', message('d', rowBody(three)), 'do not begin with the header of a binary COPY'],
    [
      'a header that asks for more',
      message('d', Buffer.concat([copyHeader().fill(1, 11, 12), rowBody(three)])),
      'do not begin with the header',
    ],
    ['a header with a long extension', message('d', copyHeader().fill(0x7f, 15, 16)), 'do not begin with the header'],
    [
      'rows after the trailer',
      Buffer.concat([copyOf([]).subarray(0, -5), message('d', rowBody(three))]),
      'CopyData after the end of COPY',
    ],
    [
      'a field beyond its message',
      message('D', Buffer.concat([int16(3), int32(4), int32(1), int32(1000)])),
      'field 2 of 3 says that it is longer than its row',
    ],
    [
      'a field of a length below null',
      message('D', Buffer.concat([int16(3), int32(-2)])),
      'field 1 of 3 says that it is longer',
    ],
    ['a row shorter than its message', message('D', Buffer.concat([rowBody(three), text('x')])), 'its message'],
    ['an empty DataRow', message('D', Buffer.alloc(0)), 'the row has 2 bytes, its message 0'],
    [
      'an int of three bytes',
      row([Buffer.alloc(3), text('a'), text('1')]),
      'row 1 of postgresql://shop/public.orders: the 3 bytes of c0 are no int',
    ],
  ])('are a clear error: %s', async (_name, bytes, message) => {
    const found = await fault(bytes);
    expect(found).toMatch(/^ATLAS_DB_PROTOCOL: /);
    expect(found).toContain(message);
  });

  it('name the limit that a row exceeds, and its number', async () => {
    const long = [int32(1), Buffer.alloc(70_000, 'x'), text('1')];
    expect(await fault(copyOf([three, long]))).toBe(
      'ATLAS_DB_ROW_TOO_LONG: row 2 of postgresql://shop/public.orders has 70019 bytes, max_row_bytes is 65536',
    );
  });

  it('never trap, hang, or are read beyond their end', { timeout: 120_000 }, async () => {
    const decoder = await openDecoder(planOf(COLUMNS), 'postgresql');
    const good = Buffer.concat([copyOf(ROWS), ...ROWS.map((cells) => message('D', rowBody(cells)))]);
    const changed = fc
      .array(
        fc.tuple(fc.nat(good.length - 1), fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 68, 100), fc.nat(255))),
        { maxLength: 4 },
      )
      .map((changes) => {
        const bytes = Buffer.from(good);
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
        fc.constantFrom('copy' as const, 'rows' as const),
        (bytes, sizes, mode) => {
          const outcome = (cuts: readonly number[]): unknown => {
            try {
              return facts(drive(decoder, bytes, cuts, { mode }));
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
