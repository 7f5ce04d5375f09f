const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text as a literal of ClickHouse's SQL, whatever it holds (SQL reference, "Syntax": string literals). */
export function quoteText(text: string): string {
  return `'${text.replaceAll(/[\\'\0\n\r\t]/g, (each) => ESCAPES[each] ?? each)}'`;
}
