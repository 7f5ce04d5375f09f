import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/errors.ts';
import type { Reject } from '../../src/flow/reject.ts';
import type { RejectBlock } from '../../src/flow/reject-block.ts';
import { RejectPacker } from '../../src/run/reject-packer.ts';
import { numberedBytes, writeNumbered } from '../../src/run/write-numbered.ts';

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
  for (const reject of all) packer.add(reject);
  const blocks = packer.take();
  expect(packer.take()).toEqual([]);
  return blocks;
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
        expect([...block.group].map((index) => block.groups[index])).toEqual(
          all.map(({ file, column, code, reason }) => ({ file, column, code, reason })),
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
    const packer = new RejectPacker();
    let large = 0;
    for (; !packer.full; large++) packer.add({ ...small, raw: 'x'.repeat(65_536) });
    expect(large).toBe(32);
  });

  it('stand among those that come in blocks', () => {
    const reject = (line: number): Reject => {
      const place = { file: 'x', line, offset: 0, length: 1, column: null, code: 'ATLAS_CSV_UTF8' as const };
      return { ...place, reason: 'r', raw: 'x', rawBase64: null, truncated: false };
    };
    const packer = new RejectPacker();
    packer.add(reject(1));
    packer.append([]);
    packer.add(reject(2));
    packer.append(packed([reject(3), reject(4)]));
    packer.add(reject(5));
    expect(packer.take().map(({ lines }) => [...lines])).toEqual([[1, 2], [3, 4], [5]]);
  });
});
