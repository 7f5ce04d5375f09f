import { expect, it } from 'vitest';
import { LineReporter } from '../../src/cli/line-reporter.ts';
import { LiveReporter } from '../../src/cli/live-reporter.ts';
import { parseIfLocked } from '../../src/cli/option-values.ts';
import { wantsColour } from '../../src/cli/process-io.ts';
import { progressText } from '../../src/cli/progress-text.ts';
import { renderTable } from '../../src/cli/render-table.ts';
import { snakeKeys } from '../../src/cli/snake-keys.ts';
import { humanBytes, humanCount, humanRate, humanSeconds } from '../../src/cli/units.ts';
import type { Receipt } from '../../src/index.ts';

it('writes numbers for people', () => {
  expect([0, 1023, 1024, 450e6, 5 * 2 ** 40].map(humanBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '429 MiB',
    '5.0 TiB',
  ]);
  expect([0, 999, 1000, 4_000_000, 12_345_678_901].map(humanCount)).toEqual([
    '0',
    '999',
    '1,000',
    '4,000,000',
    '12,345,678,901',
  ]);
  expect([12, 999.4, 12_345, 999_499, 4_900_000, Number.NaN].map(humanRate)).toEqual([
    '12',
    '999',
    '12.3 k',
    '999 k',
    '4.9 M',
    '-',
  ]);
  expect([0.034, 12.345, 119.9, 3600, 3725].map(humanSeconds)).toEqual([
    '0.03',
    '12.3',
    '119.9',
    '1h00m00s',
    '1h02m05s',
  ]);
});

it('tells how far a dataset is', () => {
  const progress = { startedAt: 0, rows: 1_000_000, bytes: 50 * 2 ** 20, totalBytes: 100 * 2 ** 20 };
  expect(progressText(progress, 4000)).toBe('1,000,000 rows, 50.0 MiB of 100 MiB (50%), 250 k rows/s, 4.00 s left');
  expect(progressText({ ...progress, totalBytes: null }, 4000)).toBe('1,000,000 rows, 50.0 MiB, 250 k rows/s');
});

it('fits a table into the width by cutting its first column', () => {
  const columns = [
    { title: 'name', align: 'left' },
    { title: 'rows', align: 'right' },
  ] as const;
  expect(renderTable(columns, [['a dataset with a long name', '12']], { width: 20 })).toEqual([
    'name            rows',
    'a dataset wit…    12',
  ]);
});

it('knows what --if-locked may say', () => {
  expect(parseIfLocked('wait=10m')).toEqual({ kind: 'wait', milliseconds: 600_000 });
  expect(parseIfLocked('wait=1500ms')).toEqual({ kind: 'wait', milliseconds: 1500 });
  expect(parseIfLocked('skip')).toEqual({ kind: 'skip' });
  for (const wrong of ['', 'wait', 'wait=', 'wait=10', 'wait=-1s', 'Fail'])
    expect(() => parseIfLocked(wrong)).toThrow();
});

it('colours only where somebody can see it, unless told', () => {
  expect(wantsColour({}, true)).toBe(true);
  expect(wantsColour({}, false)).toBe(false);
  expect(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
  expect(wantsColour({ FORCE_COLOR: '1' }, false)).toBe(true);
  expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false);
});

it('writes keys in snake_case, deeply', () => {
  expect(snakeKeys({ bytesIn: 1, rejects: { byCode: [{ code: 'A', rowGroup: null }] } })).toEqual({
    bytes_in: 1,
    rejects: { by_code: [{ code: 'A', row_group: null }] },
  });
});

function screen(isTTY: boolean) {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  const output = { write, isTTY, columns: 60, colour: false };
  const io = { stdout: output, stderr: output, env: {}, cwd: '/', now: () => 2000 };
  return { io, text: () => text };
}

const receipt = {
  outcome: 'published',
  rows: { read: 2, published: 2, rejected: 0, deduplicated: 0, excluded: 0 },
  seconds: 1,
  error: null,
} as unknown as Receipt;

it('keeps a live line per dataset under what is said for good, and wipes it in the end', () => {
  const { io, text } = screen(true);
  {
    using reporter = new LiveReporter(io);
    reporter.hear({ type: 'dataset_started', dataset: 'a', bytes: 100, tasks: 1 });
    reporter.hear({ type: 'progress', dataset: 'a', rows: 1, rejected: 0, bytes: 50, totalBytes: 100 });
    reporter.hear({ type: 'note', dataset: 'a', message: 'look' });
    reporter.hear({ type: 'dataset_ended', dataset: 'a', receipt });
  }
  expect(text()).toBe(
    'note a: look\na: 1 rows, 50 B of 100 B (50%), 1.0 k rows/s\n\u001b[1A\u001b[Jpublished a: 2 rows, 1.00 s\n',
  );
});

it('says start and end, line by line, where nobody watches', () => {
  const { io, text } = screen(false);
  using reporter = new LineReporter(io);
  reporter.hear({ type: 'dataset_started', dataset: 'a', bytes: 100, tasks: 1 });
  reporter.hear({ type: 'progress', dataset: 'a', rows: 1, rejected: 0, bytes: 50, totalBytes: 100 });
  reporter.hear({ type: 'dataset_ended', dataset: 'a', receipt });
  expect(text()).toBe('a: reading 100 B\npublished a: 2 rows, 1.00 s\n');
});
