import type { ValueRange } from '../../flow/dataset-plan.ts';
import type { LogicalType, TimeUnit } from '../../metadata/logical-type.ts';

/** 1900-01-01 and 2299-12-31, in days. */
const DAYS: ValueRange = { least: '-25567', greatest: '120529' };

/**
 * 1900-01-01T00:00:00 to the last tick of 2299. An i64 of nanoseconds ends before that, at 2262-04-11T23:47:16.854775807.
 */
const TICKS: Readonly<Record<TimeUnit, ValueRange>> = {
  s: { least: '-2208988800', greatest: '10413791999' },
  ms: { least: '-2208988800000', greatest: '10413791999999' },
  us: { least: '-2208988800000000', greatest: '10413791999999999' },
  ns: { least: '-2208988800000000000', greatest: '9223372036854775807' },
};

/**
 * What ClickHouse holds of a logical type, in its own unit, or null where it holds all of it: Date32 and DateTime64 are documented for 1900 to 2299.
 *
 * A date outside fails the whole INSERT with code 321, but for 2300-01-01, which the Arrow reader lets through by mistake. A DateTime64
 * outside is stored as it is and never refused: servers before 26.7 then show and compute with another one (clamped to the nearest end),
 * and 26.7 knows the years 0 to 9999, though `toStartOfMonth` and its like still answer a wrong day. Times of day all fit Time64.
 */
export function clickhouseRange(type: LogicalType): ValueRange | null {
  if (type.kind === 'date') return DAYS;
  return type.kind === 'timestamp' ? TICKS[type.unit] : null;
}
