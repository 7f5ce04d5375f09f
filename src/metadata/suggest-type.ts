import { PLAIN_TYPE_NAMES } from './logical-type.ts';
import { nearest } from './nearest.ts';

/** What other systems call a type that has another name here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  bool: 'boolean',
  str: 'string',
  varchar: 'string',
  nvarchar: 'string',
  char: 'string',
  utf8: 'string',
  long: 'bigint',
  short: 'smallint',
  byte: 'tinyint',
  float64: 'double',
  float32: 'real',
  float4: 'real',
  float8: 'double',
  number: 'decimal(p,s)',
  numeric: 'decimal(p,s)',
  decimal: 'decimal(p,s)',
  bytes: 'binary',
  blob: 'binary',
  bytea: 'binary',
  jsonb: 'json',
  date32: 'date',
  datetime64: 'timestamp(us)',
};

const UNITS = 's|ms|us|ns';

/** A hint for a type that does not exist or has impossible parameters. */
export function suggestType(text: string): string {
  const bare = text
    .replace(/\s*\(.*$/s, '')
    .trim()
    .toLowerCase();
  if (/^decimal\s*\(/i.test(text)) return 'Write decimal(p,s): 1 to 38 digits, s of them behind the point.';
  if (['timestamp', 'timestamptz', 'time'].includes(bare) && text.includes('(')) return `Write ${bare}(${UNITS}).`;
  const all = [...PLAIN_TYPE_NAMES, 'decimal(p,s)', `timestamp(${UNITS})`, `timestamptz(${UNITS})`, `time(${UNITS})`];
  const here = Object.hasOwn(ELSEWHERE, bare) ? ELSEWHERE[bare] : nearest(bare, PLAIN_TYPE_NAMES);
  return here ? `Did you mean ${JSON.stringify(here)}?` : `Possible: ${all.join(', ')}.`;
}
