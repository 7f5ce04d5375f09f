import type { Receipt } from '../../flow/receipt.ts';
import { snakeKeys } from '../snake-keys.ts';
import type { RecordsResult } from './records-result.ts';

const STATUS = { published: 'loaded', skipped: 'skipped', failed: 'failed' } as const;

/**
 * A line for each file, for scripts: `key=value`, a tab between, always the same keys in the same order; a tab, a line end or a backslash in a
 * value is written `\t`, `\n`, `\r`, `\\`.
 */
export function recordsLines(results: readonly RecordsResult[]): string {
  const line = (result: RecordsResult): string =>
    Object.entries(recordsFacts(result))
      .map(([key, value]) => `${key}=${escaped(value === null ? '' : String(value))}`)
      .join('\t');
  return results.map((result) => `${line(result)}\n`).join('');
}

/** The one line of `--json`. */
export function recordsJson(run: string | null, exitCode: number, results: readonly RecordsResult[]): string {
  const files = results.map((result) => ({
    ...recordsFacts(result),
    receipt: 'receipt' in result.outcome ? snakeKeys(result.outcome.receipt) : null,
  }));
  return `${JSON.stringify({ receipt_version: 1, run, exit_code: exitCode, files })}\n`;
}

/** Of a file that was skipped because the table has its content, `run` is the one that brought it there. */
function recordsFacts({ file, table, outcome }: RecordsResult): Readonly<Record<string, string | number | null>> {
  const told = 'receipt' in outcome ? outcome.receipt : null;
  return {
    status: told === null ? 'failed' : statusOf(told),
    file,
    table: told?.target ?? table,
    rows: told?.rows.published ?? 0,
    rejected: told?.rows.rejected ?? 0,
    seconds: told?.seconds ?? 0,
    run: told?.skippedInputs?.[0]?.run ?? told?.run ?? null,
    rejects: told !== null && told.rows.rejected > 0 ? told.rejects.path : null,
    code: 'error' in outcome ? outcome.error.code : (told?.error?.code ?? null),
  };
}

/** `skipped`: the table has the content already, or another run held the table. `empty`: there was no row. */
function statusOf({ outcome, error, skippedInputs = [] }: Receipt): string {
  if (outcome === 'skipped' && error === null && skippedInputs.length === 0) return 'empty';
  return STATUS[outcome];
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (each) => ESCAPES[each] ?? each);
}
