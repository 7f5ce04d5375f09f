import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSource, sumOf } from '../../conformance/source/read-source.ts';
import { damagedLine, lineText } from '../../kernel/json-arbitraries.ts';
import { DataFolder } from '../csv/data-folder.ts';
import type { DataWay } from '../csv/data-ways.ts';
import { waysOf } from './data-ways.ts';

const FEATURES = [
  ...['a int32', 'h string', 'i json'],
  { name: 'x', type: 'string', from: 'x.y' },
  { name: 'line', type: 'int64', value: '@line' },
];
const KEYS = ['a', 'h', 'i', 'x'];

/** What must be the same however the bytes come in. */
async function tell(way: DataWay) {
  await using source = await way.open();
  const { rows, rejects, spans, groups, batches, tallies } = await readSource(source);
  const untaken = new Set(tallies.flatMap((tally) => tally.untaken?.names ?? []));
  const told = rejects.map(({ file, ...reject }) => reject);
  return { rows, rejects: told, spans, untaken: [...untaken].sort(), cuts: [groups, batches] };
}

/** More runs: `ATLAS_RUNS=2000`. */
const RUNS = Number(process.env['ATLAS_RUNS'] ?? 30);

test('slices, windows, compression and pipes never change rows, rejects, spans or keys', {
  timeout: 60_000 + RUNS * 1000,
}, async () => {
  const any = fc.oneof(
    lineText(KEYS),
    damagedLine(KEYS),
    fc.constantFrom('', '{"a":1}', `{"h":"${'long '.repeat(30)}"}`),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(any, { maxLength: 20 }),
      fc.constantFrom('\n', '\r\n'),
      fc.record({ slice_bytes: fc.integer({ min: 1, max: 60 }), max_row_bytes: fc.integer({ min: 4, max: 120 }) }),
      fc.integer({ min: 1, max: 70 }),
      async (lines, end, source, readBytes) => {
        using folder = new DataFolder();
        const content = Buffer.from(lines.join(end) + (lines.length % 2 === 0 ? end : ''));
        const plan = { ...source, features: FEATURES };
        const [plain] = waysOf(content, folder, { ...plan, slice_bytes: 1 << 20 }, { debug: false });
        const { cuts: _, ...expected } = await tell(plain as DataWay);
        expect(sumOf(expected.spans)).toBe(content.length);
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
