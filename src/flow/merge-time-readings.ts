import type { TimeReading } from './profile.ts';

/** What two lots of values written in one format are together. */
export function mergeTimeReadings(a: TimeReading, b: TimeReading): TimeReading {
  return {
    kind: a.kind,
    format: a.format,
    values: a.values + b.values,
    zoned: a.zoned + b.zoned,
    unzoned: a.unzoned + b.unzoned,
    fraction: Math.max(a.fraction, b.fraction),
    finest: Math.max(a.finest, b.finest),
    years:
      a.years === null || b.years === null
        ? (a.years ?? b.years)
        : { least: Math.min(a.years.least, b.years.least), greatest: Math.max(a.years.greatest, b.years.greatest) },
  };
}
