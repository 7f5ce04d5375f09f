import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Reading, readSource, sumOf } from '../../conformance/read-source.ts';
import { DataFolder } from './data-folder.ts';
import { waysOf } from './data-ways.ts';

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
    ),
    { maxLength: 80 },
  )
  .map((tokens) => Buffer.from(tokens.join(''), 'latin1'));
const records = fc
  .array(fc.constantFrom('x,1', 'y,2', '"q\n",3', '"', 'bad', '"a"b,5', '', 'é,7', 'z,9,', '"open,1'), {
    maxLength: 25,
  })
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((end) => Buffer.from(lines.join(end) + end)));

function seen(reading: Reading) {
  return { rows: reading.rows, rejects: reading.rejects.map(({ file, ...reject }) => reject), spans: reading.spans };
}

test('slices, windows, compression and pipes never change rows, rejects or spans', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(bytes, records),
      fc.record({
        slice_bytes: fc.integer({ min: 1, max: 40 }),
        header: fc.boolean(),
        skip_rows: fc.constantFrom(0, 0, 0, 1, 2),
        escape: fc.constantFrom(undefined, '\\'),
        max_row_bytes: fc.integer({ min: 4, max: 60 }),
      }),
      fc.integer({ min: 1, max: 70 }),
      async (body, source, readBytes) => {
        using folder = new DataFolder();
        const content = source.header
          ? Buffer.concat([Buffer.from('q\n'.repeat(source.skip_rows) + 'a,b\n'), body])
          : body;
        const plan = { ...source, features: FEATURES };
        const [plain] = waysOf(content, folder, { ...plan, slice_bytes: 1 << 20 });
        await using whole = await plain!.open();
        const expected = await readSource(whole);
        expect(sumOf(expected.spans)).toBe(content.length);
        const ways = waysOf(content, folder, plan, readBytes);
        let sliced: Reading | null = null;
        for (const way of ways) {
          await using opened = await way.open();
          const reading = await readSource(opened);
          expect(seen(reading), way.name).toEqual(seen(expected));
          sliced ??= reading;
          expect(reading.groups, way.name).toEqual(sliced.groups);
          expect(reading.batches, way.name).toEqual(sliced.batches);
        }
      },
    ),
    { numRuns: Number(process.env['ATLAS_RUNS'] ?? 60) },
  );
});
