import {
  KEY_DATE,
  KEY_STAMP,
  KEY_STAMP_T,
  TOKEN_BLANK,
  TOKEN_COLON,
  TOKEN_COMMA,
  TOKEN_DASH,
  TOKEN_FRACTION,
  TOKEN_HALF,
  TOKEN_MONTH_NAME,
  TOKEN_NUMBER,
  TOKEN_OFFSET,
  TOKEN_POINT,
  TOKEN_SLASH,
  TOKEN_T,
  TOKEN_UTC_NAME,
  TOKEN_WEEKDAY_NAME,
  TOKEN_YEAR,
} from '../../kernel/assembly/profile-layout.ts';

const FIXED: ReadonlyMap<bigint, string> = new Map([
  [BigInt(KEY_DATE), '%Y%m%d'],
  [BigInt(KEY_STAMP), '%Y%m%d%H%M%S'],
  [BigInt(KEY_STAMP_T), '%Y%m%dT%H%M%S'],
]);

const PLAIN: Readonly<Record<number, string>> = {
  [TOKEN_MONTH_NAME]: '%b',
  [TOKEN_WEEKDAY_NAME]: '%a',
  [TOKEN_HALF]: '%p',
  [TOKEN_FRACTION]: '%f',
  [TOKEN_OFFSET]: '%z',
  [TOKEN_UTC_NAME]: '%Z',
  [TOKEN_SLASH]: '/',
  [TOKEN_DASH]: '-',
  [TOKEN_POINT]: '.',
  [TOKEN_COMMA]: ',',
  [TOKEN_COLON]: ':',
  [TOKEN_BLANK]: ' ',
  [TOKEN_T]: 'T',
};

/** What a shape of dates or times is as a strptime pattern. */
export interface ShapeFormat {
  readonly kind: 'date' | 'time' | 'timestamp';
  readonly format: string;
  readonly zoned: boolean;
}

/**
 * The pattern of a shape with its day, month and year in one of three orders: 0 day first, 1 month first, 2 year first. What a shape
 * says of the order itself (a month's name, a year of four digits) holds in all.
 */
export function formatOfShape(key: bigint, order: 0 | 1 | 2): ShapeFormat {
  const fixed = FIXED.get(key);
  if (fixed !== undefined)
    return { kind: key === BigInt(KEY_DATE) ? 'date' : 'timestamp', format: fixed, zoned: false };
  const tokens: number[] = [];
  for (let rest = key; rest > 0n; rest >>= 4n) tokens.push(Number(rest & 15n));
  const clock = tokens.findIndex((token, i) => token === TOKEN_NUMBER && tokens[i + 1] === TOKEN_COLON);
  const isDatePart = (token: number, i: number): boolean =>
    token === TOKEN_YEAR ||
    token === TOKEN_MONTH_NAME ||
    (token === TOKEN_NUMBER && (clock < 0 || i < clock || !isClock(tokens, i, clock)));
  const parts = tokens.flatMap((token, i) => (isDatePart(token, i) ? [token] : []));
  const directives = orderOf(parts, order);
  const hour = tokens.includes(TOKEN_HALF) ? '%I' : '%H';
  const clockParts = [hour, '%M', '%S'];
  let part = 0;
  let time = 0;
  const format = tokens.map((token, i) => {
    if (isDatePart(token, i)) return directives[part++] ?? '';
    if (token === TOKEN_NUMBER) return clockParts[time++] ?? '';
    return PLAIN[token] ?? '';
  });
  const kind = parts.length === 0 ? 'time' : clock < 0 ? 'date' : 'timestamp';
  const zoned = tokens.includes(TOKEN_OFFSET) || tokens.includes(TOKEN_UTC_NAME);
  return { kind, format: format.join(''), zoned };
}

/** Whether the number at `i` is one of the clock that begins at `clock`: numbers parted by colons alone. */
function isClock(tokens: readonly number[], i: number, clock: number): boolean {
  if ((i - clock) % 2 !== 0 || i - clock > 4) return false;
  for (let at = clock + 1; at < i; at += 2)
    if (tokens[at] !== TOKEN_COLON || tokens[at - 1] !== TOKEN_NUMBER) return false;
  return true;
}

function orderOf(parts: readonly number[], order: 0 | 1 | 2): readonly string[] {
  const [a, b, c] = parts;
  const year = parts.includes(TOKEN_YEAR) ? '%Y' : '%y';
  if (a === TOKEN_MONTH_NAME) return ['%b', '%d', year];
  const yearFirst = a === TOKEN_YEAR || order === 2;
  if (b === TOKEN_MONTH_NAME) return yearFirst && c !== TOKEN_YEAR ? [year, '%b', '%d'] : ['%d', '%b', year];
  if (yearFirst) return [year, '%m', '%d'];
  return order === 1 ? ['%m', '%d', year] : ['%d', '%m', year];
}
