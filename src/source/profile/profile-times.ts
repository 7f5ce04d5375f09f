import { mergeTimeReadings } from '../../flow/merge-time-readings.ts';
import type { TimeReading } from '../../flow/profile.ts';
import {
  P_ISO_BLANK,
  P_ISO_DATES,
  P_ISO_FINEST,
  P_ISO_FRACTION,
  P_ISO_GREATEST_YEAR,
  P_ISO_LEAST_YEAR,
  P_ISO_T,
  P_ISO_UNZONED,
  P_ISO_ZONED,
  P_SHAPE_TABLE,
  P_SHAPES,
  P_TIME_FINEST,
  P_TIME_FRACTION,
  P_TIMES,
  SHAPE_COUNT,
  SHAPE_FINEST,
  SHAPE_FRACTION,
  SHAPE_GREATEST_YEAR,
  SHAPE_GREATEST_YEAR_2,
  SHAPE_KEY,
  SHAPE_LEAST_YEAR,
  SHAPE_LEAST_YEAR_2,
  SHAPE_SIZE,
} from '../../kernel/assembly/profile-layout.ts';
import { formatOfShape } from './profile-formats.ts';

const ORDERS = [0, 1, 2] as const;

/** The dates and times of a column's counters in every format that some value is written in. */
export function readTimes(view: DataView, block: number): readonly TimeReading[] {
  const readings = new Map<string, TimeReading>();
  const add = (reading: TimeReading): void => {
    const key = `${reading.kind} ${reading.format}`;
    const other = readings.get(key);
    readings.set(key, other === undefined ? reading : mergeTimeReadings(other, reading));
  };
  for (const reading of readIso(view, block)) add(reading);
  const shapes = view.getUint32(block + P_SHAPES, true);
  for (let i = 0; i < shapes; i++) {
    const at = block + P_SHAPE_TABLE + i * SHAPE_SIZE;
    for (const order of ORDERS) {
      const values = Number(view.getBigUint64(at + SHAPE_COUNT + order * 8, true));
      if (values === 0) continue;
      const { kind, format, zoned } = formatOfShape(view.getBigUint64(at + SHAPE_KEY, true), order);
      const least = order === 2 ? SHAPE_LEAST_YEAR_2 : SHAPE_LEAST_YEAR;
      const greatest = order === 2 ? SHAPE_GREATEST_YEAR_2 : SHAPE_GREATEST_YEAR;
      const years = { least: view.getUint32(at + least, true), greatest: view.getUint32(at + greatest, true) };
      add({
        kind,
        format,
        values,
        zoned: zoned ? values : 0,
        unzoned: zoned || kind === 'date' ? 0 : values,
        fraction: view.getUint32(at + SHAPE_FRACTION, true),
        finest: view.getUint32(at + SHAPE_FINEST, true),
        years: kind === 'time' ? null : years,
      });
    }
  }
  return [...readings.values()];
}

/** ISO 8601, also as the formats that some of its values are written in, where others of the column are not ISO 8601. */
function* readIso(view: DataView, block: number): Generator<TimeReading> {
  const count = (slot: number): number => Number(view.getBigUint64(block + slot, true));
  const [dates, zoned, unzoned, times] = [count(P_ISO_DATES), count(P_ISO_ZONED), count(P_ISO_UNZONED), count(P_TIMES)];
  const years = {
    least: view.getUint32(block + P_ISO_LEAST_YEAR, true),
    greatest: view.getUint32(block + P_ISO_GREATEST_YEAR, true),
  };
  const whole = { zoned: 0, unzoned: 0, fraction: 0, finest: 0, years };
  if (dates > 0) yield { ...whole, kind: 'date', format: null, values: dates };
  if (zoned + unzoned > 0) {
    const fraction = view.getUint32(block + P_ISO_FRACTION, true);
    const finest = view.getUint32(block + P_ISO_FINEST, true);
    const values = dates + zoned + unzoned;
    yield { ...whole, kind: 'timestamp', format: null, values, zoned, unzoned, fraction, finest };
  }
  if (times > 0) {
    const fraction = view.getUint32(block + P_TIME_FRACTION, true);
    const finest = view.getUint32(block + P_TIME_FINEST, true);
    yield { kind: 'time', format: null, values: times, zoned: 0, unzoned: times, fraction, finest, years: null };
  }
  if (dates > 0) yield { ...whole, kind: 'date', format: '%Y-%m-%d', values: dates };
  for (const [slot, format] of [
    [P_ISO_BLANK, '%Y-%m-%d %H:%M:%S'],
    [P_ISO_T, '%Y-%m-%dT%H:%M:%S'],
  ] as const) {
    const values = count(slot);
    if (values > 0) yield { ...whole, kind: 'timestamp', format, values, unzoned: values };
  }
}
