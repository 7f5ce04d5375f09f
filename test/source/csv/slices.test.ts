import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { readSource, sumOf } from '../../conformance/source/read-source.ts';
import { DataFolder } from './data-folder.ts';
import { type DataWay, waysOf } from './data-ways.ts';

const FEATURES = ['a string', 'b int32'];

/** Bytes made of everything that matters to a CSV reader. */
const bytes = fc
  .array(
    fc.constantFrom(
      ',',
      '"',
      '""',
      '\n',
      '\r\n',
      '\r',
      'x',
      '7',
      '-12',
      'é',
      '\\',
      '\\"',
      ' ',
      'long text',
      '"q,\n"',
      '\xff',
      '#',
      '\n#x',
      '\t',
      '\x1e',
      '\n\xef\xbb\xbf',
      '\na,b\n',
    ),
    { maxLength: 80 },
  )
  .map((tokens) => Buffer.from(tokens.join(''), 'latin1'));
const records = fc
  .array(
    fc.constantFrom(
      ...['x,1', 'y,2', '"q\n",3', '"', 'bad', '"a"b,5', '', 'é,7', 'z,9,', '"open,1', ' "w" , 4 ', '  ', 'x\\,1,2'],
      ...[
        '# a comment, "quoted',
        `#${'long '.repeat(30)}`,
        'a,b',
        '\ufeffa,b',
        '\ufeffx,1',
        'x,1,',
        '"in "x" it',
        'q"u,"s\nt"',
      ],
    ),
    { maxLength: 25 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r', '\x1e').map((end) => Buffer.from(lines.join(end) + end)));

/** What must be the same however the bytes come in; a refusal of the file is an answer too. */
async function tell(way: DataWay) {
  await using source = await way.open();
  try {
    const reading = await readSource(source);
    const rejects = reading.rejects.map(({ file, ...reject }) => reject);
    return { rows: reading.rows, rejects, spans: reading.spans, cuts: [reading.groups, reading.batches] };
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    return { code: error.code, line: error.place.line };
  }
}

/** More runs: `ATLAS_RUNS=2000`. */
const RUNS = Number(process.env['ATLAS_RUNS'] ?? 50);

test('slices, windows, compression and pipes never change rows, rejects or spans', {
  timeout: 60_000 + RUNS * 1000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(bytes, records),
      fc.record({
        slice_bytes: fc.integer({ min: 1, max: 40 }),
        header: fc.boolean(),
        skip_rows: fc.constantFrom(0, 0, 0, 1, 2),
        escape: fc.constantFrom(undefined, '\\'),
        max_row_bytes: fc.integer({ min: 4, max: 60 }),
        quote: fc.constantFrom('"', '"', '"', null),
        row_delimiter: fc.constantFrom('auto', 'auto', '\n', '\r', '\x1e', 'x'),
        comment: fc.constantFrom(undefined, '#'),
        trim: fc.boolean(),
        trailing_delimiter: fc.constantFrom(false, false, true),
        repeated_header: fc.constantFrom('reject' as const, 'skip' as const, 'keep' as const),
      }),
      fc.integer({ min: 1, max: 70 }),
      async (body, source, readBytes) => {
        using folder = new DataFolder();
        const ends: Readonly<Record<string, string>> = { auto: '\n', '\n': '\r\n' };
        const end = ends[source.row_delimiter] ?? source.row_delimiter;
        const start = Buffer.from(`${`q${end}`.repeat(source.skip_rows)}${source.comment ? `#"${end}` : ''}a,b${end}`);
        const content = source.header ? Buffer.concat([start, body]) : body;
        const trim = source.trim && !(source.quote === null && source.escape !== undefined);
        const plan = { ...source, trim, features: FEATURES };
        const [plain] = waysOf(content, folder, { ...plan, slice_bytes: 1 << 20 }, { debug: false });
        const whole = await tell(plain!);
        if (whole.spans) expect(sumOf(whole.spans)).toBe(content.length);
        const { cuts: _, ...expected } = whole;
        const answers = [];
        for (const way of waysOf(content, folder, plan, { readBytes, debug: false }))
          answers.push({ name: way.name, ...(await tell(way)) });
        for (const { name, cuts, ...answer } of answers) {
          expect(answer, name).toEqual(expected);
          expect(cuts, name).toEqual(answers[0]?.cuts);
        }
      },
    ),
    { numRuns: RUNS },
  );
});
