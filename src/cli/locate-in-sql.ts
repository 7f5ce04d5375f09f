/** Characters of a line that are shown on either side of a place. */
const AROUND = 60;

/** The line of a statement that an error speaks of (`failed at position 8`), with a mark under the place; null where it speaks of none. */
export function locateInSql(sql: string, message: string): string | null {
  const position = Number(/failed at position (\d+)/.exec(message)?.[1] ?? 0);
  const bytes = Buffer.from(sql);
  if (position < 1 || position > bytes.length + 1) return null;
  // positions count bytes, from 1
  const before = bytes.subarray(0, position - 1).toString();
  const lines = before.split('\n');
  const start = lines.at(-1) ?? '';
  const rest = sql.slice(before.length).split('\n', 1)[0] ?? '';
  const shown = [...start].slice(-AROUND).join('');
  const line = `${shown}${[...rest].slice(0, AROUND).join('')}`;
  const where = `line ${lines.length}, column ${[...start].length + 1}`;
  return `  ${line.replaceAll('\t', ' ')}\n  ${' '.repeat([...shown].length)}^ ${where}`;
}
