import type { ValueRange } from '../../../flow/dataset-plan.ts';
import type { LogicalType, TimeUnit } from '../../../metadata/logical-type.ts';
import type { ColumnType } from './column-type.ts';
import { FITS, type Fit, narrower, other, SAME } from './fit.ts';

type TimeType = Extract<LogicalType, { readonly kind: 'date' | 'time' | 'timestamp' }>;

export const DIGITS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** Date: 1970-01-01 to 2149-06-06, in days. */
const DATE: ValueRange = { least: '0', greatest: '65535' };
/** DateTime: 1970-01-01T00:00:00 to 2106-02-07T06:28:15, in seconds. */
const DATE_TIME: ValueRange = { least: '0', greatest: '4294967295' };
/** Nanoseconds since 1970 in 64 bits: what DateTime64 of nine digits holds since 1900. */
const NANOSECONDS = { least: -2208988800n * 1_000_000_000n, greatest: 9223372036854775807n };

const UTC = new Set([
  'UTC',
  'Etc/UTC',
  'GMT',
  'Etc/GMT',
  'Zulu',
  'Etc/Zulu',
  'UCT',
  'Etc/UCT',
  'Universal',
  'Etc/Universal',
]);

/** What a column does with dates, times of day and timestamps; `zone` is the server's, of columns that name none. */
export function judgeTime(type: TimeType, there: ColumnType, zone: string): Fit {
  if (type.kind === 'date') {
    if (there.name === 'Date32') return SAME;
    return there.name === 'Date' ? { fit: 'fits', range: DATE } : other('it holds no dates as such');
  }
  return type.kind === 'time' ? judgeTimeOfDay(type.unit, there) : judgeTimestamp(type, there, zone);
}

function judgeTimeOfDay(unit: TimeUnit, { name, args }: ColumnType): Fit {
  if (name === 'String') return FITS;
  if (name !== 'Time64') return other('it holds no times of day that can be sent');
  const digits = Number(args[0] ?? 3);
  if (digits === DIGITS[unit]) return SAME;
  return digits > DIGITS[unit] ? FITS : narrower(`what is finer than ${digits} digits of a second would be cut off`);
}

function judgeTimestamp(
  { unit, zoned }: Extract<TimeType, { kind: 'timestamp' }>,
  { name, args }: ColumnType,
  zone: string,
): Fit {
  if (name !== 'DateTime64' && name !== 'DateTime') return other('it holds no timestamps as such');
  const spelled = (name === 'DateTime64' ? args[1] : args[0])?.replaceAll("'", '');
  const shown = spelled ?? zone;
  if (!zoned && !UTC.has(shown)) {
    return other(
      `it shows them in ${shown}${spelled === undefined ? ", the server's zone" : ''}: as other times of day`,
    );
  }
  const digits = name === 'DateTime64' ? Number(args[0] ?? 3) : 0;
  if (digits < DIGITS[unit]) {
    return narrower(
      digits === 0
        ? 'fractions of a second would be cut off'
        : `what is finer than ${digits} digits of a second would be cut off`,
    );
  }
  if (name === 'DateTime') return { fit: 'fits', range: DATE_TIME };
  if (digits === DIGITS[unit]) return spelled === undefined || UTC.has(spelled) ? SAME : FITS;
  return digits <= 6 ? FITS : { fit: 'fits', range: nanoseconds(unit) };
}

/** What nine digits of a second leave of the range, in a coarser unit. */
function nanoseconds(unit: TimeUnit): ValueRange {
  const scale = 10n ** BigInt(9 - DIGITS[unit]);
  return { least: String(NANOSECONDS.least / scale), greatest: String(NANOSECONDS.greatest / scale) };
}
