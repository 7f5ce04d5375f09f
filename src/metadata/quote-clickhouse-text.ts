/** Text as ClickHouse reads it whatever it holds: between single quotes, with backslash escapes. Values are bound where they can be; settings cannot. */
export function quoteClickhouseText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}
