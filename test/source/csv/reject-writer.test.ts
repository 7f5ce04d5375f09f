import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/errors.ts';
import type { Reject } from '../../../src/flow/reject.ts';
import { Kernel } from '../../../src/kernel/kernel.ts';
import { rejectText } from '../../../src/source/reject/reject-text.ts';
import { RejectWriter } from '../../../src/source/reject/reject-writer.ts';
import { rejectsOf } from '../../conformance/source/rejects-of.ts';

const AREA = 4096;
let kernel: Kernel;
let input: number;
let area: number;
beforeAll(async () => {
  kernel = await Kernel.open(1 << 17);
  input = kernel.allocate(1 << 14);
  area = kernel.allocate(AREA);
});

interface Case {
  readonly bytes: Uint8Array;
  readonly column: string | null;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly line: number;
  readonly offset: number;
  /** Added as a reject, not as a span. */
  readonly alone: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  bytes: fc.oneof(
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(text)),
    fc.constantFrom(...[Buffer.alloc(0), Buffer.from('é"\n\0'), Buffer.alloc(700, 120), Buffer.alloc(9000, 34)]),
    fc.uint8Array({ maxLength: 30 }),
  ),
  column: fc.constantFrom(null, '', 'a', 'b "b"\n', 'long '.repeat(2000)),
  code: fc.constantFrom<ErrorCode>('ATLAS_CAST_SYNTAX', 'ATLAS_CSV_NULL'),
  reason: fc.oneof(
    fc.constantFrom('not written as int32', 'é'),
    fc.nat(40).map((n) => `${n} fields, 4 expected`),
  ),
  line: fc.nat(),
  offset: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  alone: fc.boolean(),
});

describe('written rejects', () => {
  it('say what the rejects say, whatever their size, names and bytes, in order', () => {
    fc.assert(
      fc.property(fc.array(cases, { maxLength: 40 }), (all) => {
        const writer = new RejectWriter({ kernel, at: area, bytes: AREA }, 'in "put".csv');
        const guard = kernel.bytes.slice(area + AREA, area + AREA + 64);
        const wanted: Reject[] = [];
        for (const { bytes, alone, ...where } of all) {
          const text = rejectText(bytes, bytes.length);
          const reject: Reject = { file: 'in "put".csv', ...where, ...text };
          wanted.push(reject);
          kernel.bytes.set(bytes, input);
          const span = { ...where, length: bytes.length, address: input, bytes: bytes.length };
          if (alone || !writer.addSpan(span)) writer.add(reject);
        }
        const blocks = writer.take();
        expect(blocks.flatMap(rejectsOf)).toEqual(wanted);
        expect(kernel.bytes.slice(area + AREA, area + AREA + 64)).toEqual(guard);
        expect(writer.take()).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('take no more than so many to a block', () => {
    const writer = new RejectWriter({ kernel, at: area, bytes: AREA }, 'x');
    kernel.bytes.set(Buffer.from('ab'), input);
    const why = { column: null, code: 'ATLAS_CSV_NULL' as const, reason: 'r' };
    for (let line = 0; line < 1000; line++) {
      expect(writer.addSpan({ ...why, line, offset: line * 2, length: 2, address: input, bytes: 2 })).toBe(true);
    }
    const blocks = writer.take();
    expect(blocks.length).toBeGreaterThan(20);
    expect(Math.max(...blocks.map(({ text }) => text.length))).toBeLessThanOrEqual(AREA);
    expect(blocks.flatMap(({ lines }) => [...lines])).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });
});
