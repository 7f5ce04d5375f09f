import { CODES } from '../errors.ts';
import { markdownTable } from '../metadata/markdown-table.ts';

/** All error codes as a Markdown table. */
export function errorTable(): string {
  const rows = Object.entries(CODES).map(([code, { exit, retryable, title, hint }]) => [
    `\`${code}\``,
    String(exit),
    retryable ? 'yes' : '',
    title,
    hint,
  ]);
  return markdownTable(['code', 'exit', 'retry', 'what it means', 'what to do'], rows);
}
