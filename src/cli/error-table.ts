import { CODES } from '../errors.ts';

/** All error codes as a Markdown table. */
export function errorTable(): string {
  const rows = Object.entries(CODES).map(([code, { exit, retryable, title, hint }]) => {
    const cells = [`\`${code}\``, String(exit), retryable ? 'yes' : '', title, hint];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| code | exit | retry | what it means | what to do |', '|---|---|---|---|---|', ...rows].join('\n');
}
