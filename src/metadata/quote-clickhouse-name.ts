const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '`': '\\`',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/** An identifier as ClickHouse reads it whatever it holds: between backticks, with backslash escapes (SQL reference, "Identifiers"). */
export function quoteClickhouseName(name: string): string {
  return `\`${name.replaceAll(/[\\`\n\r\t\0]/g, (each) => ESCAPES[each] ?? each)}\``;
}

/**
 * Why a text cannot be the name of a table of that database (of a database, where that is left out), or null. The server makes a file of the
 * names of both and the table's id when the table is dropped, and refuses what would not fit.
 */
export function clickhouseNameProblem(name: string, database = ''): string | null {
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it holds a NUL character';
  if (/\p{Surrogate}/u.test(name)) return 'it holds a lone surrogate, which UTF-8 cannot spell';
  const possible = BOTH_ESCAPED - fileBytes(database);
  const bytes = fileBytes(name);
  if (bytes <= possible) return null;
  return `it takes ${bytes} bytes as a file name (${Buffer.byteLength(name)} as text), ${possible} are possible`;
}

/** Of a file name's 255 bytes, those that a table's id, two dots and `.sql` leave. */
const BOTH_ESCAPED = 213;

/** Bytes of a name in that of a file: of UTF-8, three for each that is not a letter, digit or _. */
function fileBytes(name: string): number {
  return [...name].reduce((sum, each) => sum + (/^[A-Za-z0-9_]$/.test(each) ? 1 : 3 * Buffer.byteLength(each)), 0);
}
