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

/** Why a text cannot be the name of a table or database, or null. Bytes are those of UTF-8: names become file names. */
export function clickhouseNameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  if (name.includes('\0')) return 'it holds a NUL character';
  if (/\p{Surrogate}/u.test(name)) return 'it holds a lone surrogate, which UTF-8 cannot spell';
  const bytes = Buffer.byteLength(name);
  const escaped = [...name].reduce(
    (sum, each) => sum + (/^[A-Za-z0-9_]$/.test(each) ? 1 : 3 * Buffer.byteLength(each)),
    0,
  );
  if (escaped > MAX_ESCAPED)
    return `it takes ${escaped} bytes as a file name (${bytes} as text), ${MAX_ESCAPED} are possible`;
  return null;
}

/** A table's name becomes that of a file with `.sql` and a draft's suffix behind it; what is not a letter, digit or _ takes three bytes. */
const MAX_ESCAPED = 200;
