import { describe, expect, test } from 'vitest';
import { countVerdicts } from './judge-readers.ts';
import { PLAIN, type PollutedFile } from './polluted-file.ts';
import { pollutedFiles } from './polluted-files.ts';
import { readAtlas } from './read-atlas.ts';
import { judgeReading, type PollutedReading } from './verdict.ts';

test('one pollution to a file: nothing is silently wrong, and every undamaged row is exact', {
  timeout: 240_000,
}, async () => {
  const failures: string[] = [];
  const judgements = [];
  for (const file of pollutedFiles({ seed: 7, every: 20 })) {
    const judgement = judgeReading(file, await readAtlas(file));
    judgements.push(judgement);
    if (judgement.verdict !== 'exact')
      failures.push(`${file.kind}, ${file.name}: ${judgement.verdict} ${judgement.why}`);
  }
  expect(failures).toEqual([]);
  expect(countVerdicts(judgements).exact).toBeGreaterThan(200);
});

test('there is one for every row and kind', () => {
  const files = [...pollutedFiles({ seed: 7 })];
  expect(files.length).toBeGreaterThan(2290);
  expect(new Set(files.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(files.length);
  for (const { bytes, rows, kind, name } of files) {
    const text = Buffer.from(bytes);
    for (const { offset, length, damaged, cells } of rows) {
      if (!damaged && !text.subarray(offset, offset + length).includes(String(cells[0])))
        throw new Error(`${kind} ${name}: ${cells[0]}`);
    }
  }
});

describe('the verdict', () => {
  const file: PollutedFile = {
    kind: '',
    name: '',
    bytes: new Uint8Array(12),
    dialect: PLAIN,
    typed: true,
    rows: [
      { cells: ['1', 'a'], offset: 0, length: 4, damaged: false },
      { cells: ['2', 'b'], offset: 4, length: 4, damaged: true },
      { cells: ['3', 'c'], offset: 8, length: 4, damaged: false },
    ],
  };
  const [a, b, c] = file.rows.map(({ cells }) => cells) as [string[], string[], string[]];
  const reading = (rows: string[][], told: [number, number][]): PollutedReading => ({
    rows,
    told,
    codes: [],
    refused: null,
  });
  test.each([
    ['exact', reading([a, c], [[4, 8]]), 0],
    ['exact', reading([c, b, a], []), 0],
    ['told', reading([a], [[4, 12]]), 1],
    ['wrong', reading([a], [[4, 8]]), 1],
    ['wrong', reading([a, c], []), 0],
    ['wrong', reading([a, c, ['2', 'x']], [[4, 8]]), 0],
    ['wrong', reading([a, a, c], [[4, 8]]), 0],
    ['whole', { ...reading([], []), refused: 'no' }, 2],
  ] as const)('is %s', (verdict, read, lost) => {
    expect(judgeReading(file, read)).toMatchObject({ verdict, lost });
  });
});
