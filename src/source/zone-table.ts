import { ZONE_SEGMENTS, ZONE_SLOT_SIZE, ZONE_SLOTS } from '../kernel/assembly/csv-layout.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** Local seconds since 1970 (as if they were UTC) from `first` to `last` exist exactly once, `offset` seconds ahead of UTC. */
export interface ZoneSegment {
  readonly first: number;
  readonly last: number;
  readonly offset: number;
}

const DAY = 86_400;
/** Offsets are compared this often; no zone changed twice between two samples. */
const STEP = DAY / 4;

/** Bytes of a zone's table in kernel memory. */
export const ZONE_TABLE_BYTES = ZONE_SLOTS * ZONE_SLOT_SIZE;

/** Whether a zone is UTC under one of its names. */
export function isUtc(zone: string): boolean {
  if (zone === 'UTC') return true;
  const name = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  return name === 'UTC' || name === 'Etc/UTC' || name === 'GMT' || name === 'Etc/GMT';
}

/** The offsets of one IANA zone, year by year as they are asked for, from the runtime's own time zone data. */
export class ZoneTable {
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly ZoneSegment[]>();

  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The local times of a year (1 to 9999) that exist exactly once, in order. */
  segments(year: number): readonly ZoneSegment[] {
    let segments = this.#years.get(year);
    if (segments === undefined) {
      segments = this.#find(startOfYear(year), startOfYear(year + 1) - 1);
      this.#years.set(year, segments);
    }
    return segments;
  }

  /** Writes a year into the table at `address` of a kernel's memory. */
  write(kernel: Kernel, address: number, year: number): void {
    const slot = address + (year & (ZONE_SLOTS - 1)) * ZONE_SLOT_SIZE;
    const segments = this.segments(year);
    kernel.view.setUint32(slot, year, true);
    kernel.view.setUint32(slot + 4, segments.length, true);
    segments.forEach((segment, i) => {
      const at = slot + 8 + i * 24;
      kernel.view.setBigInt64(at, BigInt(segment.first), true);
      kernel.view.setBigInt64(at + 8, BigInt(segment.last), true);
      kernel.view.setBigInt64(at + 16, BigInt(segment.offset), true);
    });
  }

  #find(first: number, last: number): readonly ZoneSegment[] {
    const segments: ZoneSegment[] = [];
    let utc = first - 2 * DAY;
    let offset = this.#offset(utc);
    let begin = Number.NEGATIVE_INFINITY;
    let before = Number.NEGATIVE_INFINITY;
    const close = (end: number, next: number): void => {
      const from = Math.max(begin, before, first);
      const to = Math.min(end, next, last + 1) - 1;
      if (from <= to) segments.push({ first: from, last: to, offset });
    };
    while (utc < last + 2 * DAY) {
      const ahead = utc + STEP;
      const changed = this.#offset(ahead);
      if (changed !== offset) {
        let low = utc;
        let high = ahead;
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2);
          if (this.#offset(middle) === offset) low = middle;
          else high = middle;
        }
        close(high + offset, high + changed);
        before = high + offset;
        begin = high + changed;
        offset = changed;
      }
      utc = ahead;
    }
    close(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    return segments.slice(0, ZONE_SEGMENTS);
  }

  /** Seconds ahead of UTC at an instant. */
  #offset(utc: number): number {
    // Before the year 1 the calendar would count backwards; nothing changed there.
    const instant = Math.max(utc, startOfYear(1) + 2 * DAY);
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant * 1000)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return startOfYear(year) + dayOfYear(year, month, day) * DAY + hour * 3600 + minute * 60 + second - instant;
  }
}

/** Seconds since 1970 at which a year begins, in the Gregorian calendar of all time. */
function startOfYear(year: number): number {
  const before = year - 1;
  return (before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162) * DAY;
}

function dayOfYear(year: number, month: number, day: number): number {
  // `Date.UTC` takes the years 0 to 99 for others, but any year of the same place in the cycle of 400 will do.
  const alike = 2000 + (year % 400);
  return (Date.UTC(alike, month - 1, day) - Date.UTC(alike, 0, 1)) / 86_400_000;
}
