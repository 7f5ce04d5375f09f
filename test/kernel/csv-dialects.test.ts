import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { lineByte } from '../../src/source/lines/line-end.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { twinParse } from './csv-twin.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

/** More runs: `ATLAS_RUNS=100000`. */
const RUNS = Number(process.env['ATLAS_RUNS'] ?? 4000);

const plans: fc.Arbitrary<ParserPlan> = fc
  .record({
    delimiter: fc.constantFrom(',', ',', ';', '\u001f'),
    quote: fc.constantFrom('"', '"', '"', "'", null),
    backslash: fc.boolean(),
    newline: fc.constantFrom('lf' as const, 'lf' as const, 'cr' as const, 0x1e, 0x79),
    width: fc.integer({ min: 1, max: 4 }),
    trailingDelimiter: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    comment: fc.constantFrom(null, null, '#', 'a'),
    trim: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
    header: fc.constantFrom(null, 'ab,1', '"a",b', 'x', 'a,b,'),
    skip: fc.boolean(),
    maxRowBytes: fc.constantFrom(5, 16, 64, 200, 4096),
  })
  .map(({ delimiter, quote, backslash, header, skip, comment, width, trim, ...rest }) => {
    const bareEscapes = quote === null && backslash;
    return planOf({
      ...rest,
      width,
      delimiter: delimiter.charCodeAt(0),
      quote: quote?.charCodeAt(0) ?? null,
      escape: backslash ? 92 : (quote?.charCodeAt(0) ?? 34),
      bareEscapes,
      comment: comment?.charCodeAt(0) ?? null,
      trim: trim && !bareEscapes,
      header: header === null ? null : { bytes: Buffer.from(header), skip },
      fields: [
        ...Array.from({ length: width }, (_, i) => fieldOf(i, i === 1 ? 'int' : 'string')),
        fieldOf(null, 'int', { constant: { kind: 'line' } }),
      ],
    });
  });

/** Bytes rich in what the plan gives a meaning, in pieces long enough to cross blocks. */
function soupOf(plan: ParserPlan): fc.Arbitrary<Uint8Array> {
  const d = String.fromCharCode(plan.delimiter);
  const q = plan.quote === null ? '"' : String.fromCharCode(plan.quote);
  const e = plan.escape === 92 ? '\\' : q;
  const n = plan.newline === 'lf' ? '\n' : plan.newline === 'cr' ? '\r' : String.fromCharCode(plan.newline);
  const header = plan.header === null ? 'x' : Buffer.from(plan.header.bytes).toString('latin1');
  const row = Array.from({ length: plan.width }, (_, i) => (i === 1 ? '7' : `${q}v${q}`)).join(d);
  const piece = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(d, d, q, q, n, n, `${e}${q}`, `${d}${q}`, `${q}${d}`, `${q}${n}`, `${n}${q}`),
    },
    { weight: 3, arbitrary: fc.constantFrom('\r\n', '\n', '\r', '\\', '#', ' ', '\t', '\xef\xbb\xbf', `${n}#`) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('a', 'bc', '1', '', 'x'.repeat(15), 'y'.repeat(31), 'z'.repeat(70), 'é', '\xef'),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(`${row}${n}`, `${n}${row}`, `${row}${d}${n}`, `${n}${header}${n}`, n + row + n),
    },
    { weight: 1, arbitrary: fc.constantFrom(`${n}\xef\xbb\xbf${header}${n}`, `${row}${n}`.repeat(8), `\n${row}`) },
  );
  return fc.array(piece, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));
}

const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 });

it('kernel and twin agree on every dialect, on any bytes, in any cut', { timeout: 60_000 + RUNS * 5 }, () => {
  fc.assert(
    fc.property(
      plans.chain((plan) => fc.tuple(fc.constant(plan), soupOf(plan))),
      cuts,
      fc.integer({ min: 0, max: 70 }),
      ([plan, input], chunks, shift) => {
        const spans = twinParse(input, plan);
        const bytes = (kind: string) => spans.reduce((sum, span) => sum + (span.kind === kind ? span.length : 0), 0);
        for (const size of [[1 << 20], chunks, [1]]) {
          const result = driver.run(input, plan, size, shift);
          expect(result.rejects).toEqual(spans.filter((span) => span.kind === 'reject'));
          expect(result.rows).toEqual(spans.flatMap((span) => (span.kind === 'row' ? [span.values] : [])));
          expect({
            blank: result.blankBytes,
            comment: result.commentBytes,
            header: result.headerBytes,
          }).toEqual({ blank: bytes('blank'), comment: bytes('comment'), header: bytes('header') });
          const end = lineByte(plan.newline);
          expect(result.lines).toBe(input.filter((byte) => byte === end).length);
        }
      },
    ),
    { numRuns: RUNS },
  );
});
