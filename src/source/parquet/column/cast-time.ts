import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType, type TimeUnit } from '../../../metadata/logical-type.ts';
import { isUtc, ZoneTable } from '../../zone-table.ts';
import { type Cast, type CastTarget, refuseOrNull } from './cast.ts';
import type { StagedColumn } from './column-queue.ts';
import { divide } from './divide.ts';
import type { Reason } from './reason.ts';

/** Of a second. */
export const PER_SECOND = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n } as const;
const DAY = 86_400n;

/** Times of day into those of another unit; one outside the day is refused. */
export function castTime(from: TimeUnit, to: Extract<LogicalType, { kind: 'time' }>, { onLoss }: FeaturePlan): Cast {
  const calendar = { code: 'ATLAS_CAST_CALENDAR', reason: 'no such time' } as const;
  const loss = lossOf(to);
  const narrow = to.unit === 's' || to.unit === 'ms';
  const source = Number(PER_SECOND[from]);
  const target = Number(PER_SECOND[to.unit]);
  const end = Number(DAY) * source;
  const [up, down] = target >= source ? [target / source, 1] : [1, source / target];
  return (column, rows, out) => {
    const view = new DataView(out.buffer, out.address, rows * (narrow ? 4 : 8));
    const read = readCount(column);
    for (let row = 0; row < rows; row += 1) {
      const value = read(row);
      let scaled = 0;
      if (value < 0 || value >= end) out.fail(row, calendar);
      else {
        const exact = Math.floor(value / down);
        const rest = value - exact * down;
        scaled = exact * up + (onLoss === 'round' && rest * 2 >= down && rest > 0 ? 1 : 0);
        const lost = rest > 0 && onLoss !== 'truncate' && onLoss !== 'round';
        // rounded up to midnight, it leaves the day
        if (lost || scaled >= Number(DAY) * target) {
          scaled = 0;
          refuseOrNull(out, row, lost ? loss : calendar, lost && onLoss === 'null');
        }
      }
      if (narrow) view.setInt32(row * 4, scaled, true);
      else view.setBigInt64(row * 8, BigInt(scaled), true);
    }
  };
}

/** Counts of a unit since midnight: below 2^53 wherever they are times. */
function readCount({ bytes, width }: StagedColumn): (row: number) => number {
  const view = new DataView(bytes.buffer);
  return width === 4 ? (row) => view.getInt32(row * 4, true) : (row) => Number(view.getBigInt64(row * 8, true));
}

/** Timestamps into those of another unit, and local times into instants of a zone. */
export function castTimestamp(
  from: { readonly unit: TimeUnit; readonly zoned: boolean | null },
  width: number,
  to: Extract<LogicalType, { kind: 'timestamp' }>,
  { onLoss, timezone }: FeaturePlan,
): Cast {
  const loss = lossOf(to);
  const range = { code: 'ATLAS_CAST_RANGE', reason: `outside the range of ${nameLogicalType(to)}` } as const;
  const gap = { code: 'ATLAS_CAST_ZONE', reason: `skipped or ambiguous in ${timezone}` } as const;
  const [source, wanted] = [PER_SECOND[from.unit], PER_SECOND[to.unit]];
  const [up, down] = wanted >= source ? [wanted / source, 1n] : [1n, source / wanted];
  const zone = to.zoned && from.zoned === false && !isUtc(timezone) ? new ZoneTable(timezone) : null;
  const nulls = onLoss === 'null';
  return (column, rows, target) => {
    const view = new DataView(target.buffer, target.address, rows * 8);
    const read = width === 12 ? readInt96(column) : readInt64(column);
    for (let row = 0; row < rows; row += 1) {
      let value = 0n;
      if (column.present[row] === 1) {
        const instant = zone === null ? read(row) : toInstant(read(row), source, zone);
        const scaled = instant === null ? null : divide(instant * up, down, onLoss, 'past');
        if (instant === null) target.fail(row, gap);
        else if (scaled === null) refuseOrNull(target, row, loss, nulls);
        else value = within(scaled, target, row, range, nulls);
      }
      view.setBigInt64(row * 8, value, true);
    }
  };
}

function within(value: bigint, target: CastTarget, row: number, range: Reason, nulls: boolean): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  refuseOrNull(target, row, range, nulls);
  return 0n;
}

function lossOf(to: LogicalType): Reason {
  return { code: 'ATLAS_CAST_LOSS', reason: `${nameLogicalType(to)} would lose a part of it` };
}

function readInt64({ bytes }: StagedColumn): (row: number) => bigint {
  const view = new DataView(bytes.buffer);
  return (row) => view.getBigInt64(row * 8, true);
}

/** The day on which 1970 begins, counted as INT96 counts (Julian days). */
const EPOCH_DAY = 2_440_588;

/** Nanoseconds since 1970 of an INT96: nanoseconds of a day, and the day. */
export function readInt96({ bytes }: StagedColumn): (row: number) => bigint {
  const view = new DataView(bytes.buffer);
  return (row) => {
    const day = BigInt(view.getUint32(row * 12 + 8, true) - EPOCH_DAY);
    return day * DAY * PER_SECOND.ns + view.getBigInt64(row * 12, true);
  };
}

/** The instant of a local time that exists exactly once; null where it does not, or its year is beyond 1 to 9999. */
function toInstant(local: bigint, perSecond: bigint, zone: ZoneTable): bigint | null {
  const part = ((local % perSecond) + perSecond) % perSecond;
  const seconds = Number((local - part) / perSecond);
  const year = new Date(seconds * 1000).getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return null;
  for (const { first, last, offset } of zone.segments(year)) {
    if (seconds >= first && seconds <= last) return local - BigInt(offset) * perSecond;
  }
  return null;
}
