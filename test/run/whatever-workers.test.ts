import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf, Project } from './project.ts';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 12);

/** Texts with what makes cutting hard: line ends, quotes and delimiters inside quotes. */
const texts = fc
  .array(fc.constantFrom('a', 'b', 'é', ',', '"', '\n', '\r\n', ' ', 'line\nbreak', '""', ',"\n'), { maxLength: 12 })
  .map((parts) => parts.join(''));
const tables = fc.array(fc.tuple(fc.option(texts, { freq: 6 }), texts), { minLength: 1, maxLength: 120 });

const quoted = (text: string | null): string => (text === null ? '' : `"${text.replaceAll('"', '""')}"`);

it('slices, row-group bounds and workers never change the rows, and workers never change a byte', {
  timeout: 600_000,
}, async () => {
  console.log(`seed ${SEED}, ${RUNS} tables (PROPERTY_SEED, PROPERTY_RUNS)`);
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.integer({ min: 64, max: 700 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 64, max: 5000 }),
      async (rows, slice, groupRows, groupBytes) => {
        const dataset = datasetOf(
          't',
          { id: 'int32', a: 'string', b: 'string' },
          {
            source: { slice_bytes: slice },
            destination: { row_group_rows: groupRows, row_group_bytes: groupBytes },
          },
        );
        using project = new Project([dataset]);
        const lines = rows.map(([a, b], id) => `${id},${quoted(a)},${quoted(b)}`);
        project.write('t.csv', `id,a,b\n${lines.join('\n')}\n`);
        const sums = new Set<string>();
        for (const workers of [1, 2, 3]) {
          const receipt = await project.load({ workers });
          expect(receipt.error).toBeNull();
          expect(receipt.rows).toMatchObject({ read: rows.length, published: rows.length, rejected: 0 });
          sums.add(createHash('sha256').update(project.read('out/t.parquet')).digest('hex'));
        }
        expect(sums.size).toBe(1);
        const file = project.path('out/t.parquet');
        const read = await query(
          `SELECT id, a, b FROM read_parquet('${file}', file_row_number = true) ORDER BY file_row_number`,
        );
        expect(read).toEqual(rows.map(([a, b], id) => [id, a, b]));
        const groups = await query(`SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('${file}')`);
        for (const [, count] of groups) expect(Number(count)).toBeLessThanOrEqual(groupRows);
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
});

it('numbers lines and places rejects the same whatever the workers', async () => {
  const dataset = datasetOf(
    't',
    { n: 'int32', text: 'string' },
    { source: { slice_bytes: 100 }, rest: { on_error: 'reject', max_rejects: 1000 } },
  );
  using project = new Project([dataset]);
  const lines = Array.from({ length: 200 }, (_, at) => (at % 9 === 4 ? `x${at},bad` : `${at},"two\nlines ${at}"`));
  project.write('t.csv', `n,text\n${lines.join('\n')}\n`);
  const truth: { line: number; raw: string }[] = [];
  let line = 2;
  for (const text of lines) {
    if (text.startsWith('x')) truth.push({ line, raw: text });
    line += text.split('\n').length;
  }
  const sums = new Set<string>();
  for (const workers of [1, 2, 4]) {
    const receipt = await project.load({ workers });
    expect(receipt.rows).toEqual({ read: 200, published: 178, rejected: 22, deduplicated: 0, excluded: 0 });
    const text = project.read(`.atlas/rejects/g/t/${receipt.run}.jsonl`).toString();
    const found = text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each) as { line: number; raw: string });
    expect(found.map(({ line: at, raw }) => ({ line: at, raw: raw.trimEnd() }))).toEqual(truth);
    sums.add(createHash('sha256').update(project.read('out/t.parquet')).update(text).digest('hex'));
  }
  expect(sums.size).toBe(1);
});
