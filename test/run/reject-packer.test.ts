import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import type { Reject } from '../../src/flow/reject.ts';
import { numberedBytes, type RejectBlock, writeNumbered } from '../../src/run/reject-block.ts';
import { RejectPacker } from '../../src/run/reject-packer.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const rejects: fc.Arbitrary<Reject> = fc.record({
  file: fc.constantFrom('a.csv', 'b "b".csv', 'é\n.csv'),
  line: fc.nat(),
  offset: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  length: fc.nat(),
  column: fc.option(fc.constantFrom('a', 'b "b"', '__proto__', '')),
  code: fc.constantFrom<ErrorCode>('ATLAS_CAST_SYNTAX', 'ATLAS_CSV_UTF8', 'ATLAS_CSV_QUOTE_STRAY'),
  reason: fc.constantFrom('not written as int32', 'a "quote"', '3 fields, 4 expected'),
  raw: fc.option(text),
  rawBase64: fc.option(fc.base64String()),
  truncated: fc.boolean(),
});

/** A reject as the file says it. */
function lineOf(
  { file, line, offset, length, column, code, reason, raw, rawBase64, truncated }: Reject,
  before: number,
) {
  return {
    ...{ file, line: before + line + 1, offset, length, column, code, reason, raw },
    ...(rawBase64 === null ? {} : { raw_base64: rawBase64 }),
    ...(truncated ? { truncated } : {}),
  };
}

function written(block: RejectBlock, count: number, before: number): string {
  const target = Buffer.alloc(5 + numberedBytes(block, count));
  return target.toString('utf8', 5, writeNumbered(block, count, before, target, 5));
}

function packed(all: readonly Reject[]): readonly RejectBlock[] {
  const packer = new RejectPacker();
  const blocks = [...all.map((reject) => packer.add(reject)), packer.take()];
  expect(packer.take()).toBe(null);
  return blocks.filter((block) => block !== null);
}

describe('packed rejects', () => {
  it('are the lines of the reject file, numbered from the start of the file', () => {
    fc.assert(
      fc.property(fc.array(rejects, { maxLength: 20 }), fc.nat(), fc.nat(20), (all, before, taken) => {
        const blocks = packed(all);
        const lines = all.map((reject) => `${JSON.stringify(lineOf(reject, before))}\n`);
        expect(blocks.map((block) => written(block, block.count, before)).join('')).toBe(lines.join(''));
        const [block] = blocks;
        if (block === undefined) return;
        const some = Math.min(taken, block.count);
        expect(written(block, some, before)).toBe(lines.slice(0, some).join(''));
        expect(block.first).toEqual(all[0]);
        expect([...block.group].map((index) => block.groups[index])).toEqual(
          all.map(({ code, column }) => ({ code, column })),
        );
      }),
    );
  });

  it('come in blocks of bounded size', () => {
    const place = { file: 'x', line: 0, offset: 0, length: 1, column: null, code: 'ATLAS_CSV_UTF8' as const };
    const small: Reject = { ...place, reason: 'r', raw: 'x', rawBase64: null, truncated: false };
    const many = packed(Array.from({ length: 10_000 }, (_, line) => ({ ...small, line })));
    expect(many.map(({ count }) => count)).toEqual([2048, 2048, 2048, 2048, 1808]);
    expect(many.flatMap(({ lines }) => [...lines])).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    const large = packed(Array.from({ length: 100 }, () => ({ ...small, raw: 'x'.repeat(65_536) })));
    expect(Math.max(...large.map((block) => block.text.length))).toBeLessThan(700_000);
    expect(large.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  });
});
