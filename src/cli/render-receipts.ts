import { relative } from 'node:path';
import type { Receipt } from '../flow/receipt.ts';
import { schemeOf } from '../metadata/path-scheme.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { renderTable, type TableColumn, widthOf } from './render-table.ts';
import { snakeKeys } from './snake-keys.ts';
import { humanBytes, humanCount, humanRate, humanSeconds } from './units.ts';

const COLUMNS: readonly TableColumn[] = [
  { title: 'dataset', align: 'left' },
  { title: 'rows read', align: 'right' },
  { title: 'published', align: 'right' },
  { title: 'rejected', align: 'right' },
  { title: 'in', align: 'right' },
  { title: 'out', align: 'right' },
  { title: 'seconds', align: 'right' },
  { title: 'rows/s', align: 'right' },
  { title: 'status', align: 'left' },
];

const STATUS = { published: 'ok', skipped: 'skipped', failed: 'FAILED' } as const;

/** Most columns of the table, however wide the terminal is. */
const WIDTH = 100;

/** The receipts of a run as a table, with a sum where there are several, and where the data went. */
export function renderReceipts(receipts: readonly Receipt[], io: Pick<Io, 'stdout' | 'cwd'>): string {
  const paint = paintFor(io.stdout);
  const rows = receipts.map(rowOf);
  if (receipts.length > 1) rows.push(sumOf(receipts));
  const [titles = '', ...lines] = renderTable(COLUMNS, rows, { width: WIDTH });
  const painted = lines.map((line, index) => {
    const outcome = receipts[index]?.outcome;
    if (outcome === undefined) return paint.bold(line);
    if (outcome === 'published') return line;
    return outcome === 'failed' ? paint.red(line) : paint.yellow(line);
  });
  const published = receipts.filter(({ outcome }) => outcome === 'published');
  const longest = Math.max(0, ...published.map(({ dataset }) => widthOf(dataset)));
  const targets = published.map(
    ({ dataset, target }) => `${dataset.padEnd(longest)}  ${paint.dim('->')}  ${shortPath(target, io.cwd)}`,
  );
  return [paint.bold(titles), ...painted, ...(targets.length > 0 ? ['', ...targets] : []), ''].join('\n');
}

/** The one line of `--json`. */
export function receiptsAsJson(run: string, ocs: string, exitCode: number, receipts: readonly Receipt[]): string {
  const datasets = receipts.map((receipt) => snakeKeys(receipt));
  return `${JSON.stringify({ receipt_version: 1, run, ocs, exit_code: exitCode, datasets })}\n`;
}

/** A path as a person at `cwd` would type it, where that is shorter. */
export function shortPath(path: string, cwd: string): string {
  if (schemeOf(path) !== null) return path;
  const near = relative(cwd, path);
  return near !== '' && near.length < path.length && !near.startsWith('../..') ? near : path;
}

function rowOf({ dataset, rows, bytesIn, bytesOut, seconds, outcome }: Receipt): string[] {
  const published = outcome === 'published';
  return [
    dataset,
    humanCount(rows.read),
    humanCount(rows.published),
    humanCount(rows.rejected),
    humanBytes(bytesIn),
    published ? humanBytes(bytesOut) : '-',
    humanSeconds(seconds),
    published && seconds > 0 ? humanRate(rows.read / seconds) : '-',
    STATUS[outcome],
  ];
}

function sumOf(receipts: readonly Receipt[]): string[] {
  const sum = (of: (receipt: Receipt) => number): number => receipts.reduce((total, each) => total + of(each), 0);
  const ok = receipts.filter(({ outcome }) => outcome === 'published').length;
  return [
    'total',
    humanCount(sum(({ rows }) => rows.read)),
    humanCount(sum(({ rows }) => rows.published)),
    humanCount(sum(({ rows }) => rows.rejected)),
    humanBytes(sum(({ bytesIn }) => bytesIn)),
    humanBytes(sum(({ bytesOut }) => bytesOut)),
    humanSeconds(sum(({ seconds }) => seconds)),
    '',
    ok === receipts.length ? 'ok' : `${ok} of ${receipts.length}`,
  ];
}
