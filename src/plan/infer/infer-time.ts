import type { ColumnProfile, TimeReading } from '../../flow/profile.ts';
import { allOf, alternativeOf, countOf, type Verdict, verdictOf } from './guess-verdict.ts';

/** Digits of a second's fraction that a nanosecond has. */
const FINEST = 9;
const MICROSECOND = 6;
/** Years that nanoseconds reach all of. */
const NANO_YEARS = { least: 1678, greatest: 2261 };

/** Dates and times: ISO 8601, else the one format that fits all values. Two that do are a question, and so are years of two digits. */
export function inferTime(column: ColumnProfile): Verdict | null {
  const fitting = column.times.filter(({ values }) => values === column.values);
  const iso = fitting.filter(({ format }) => format === null);
  const [first] = iso.find(({ kind }) => kind === 'date') ? iso.filter(({ kind }) => kind === 'date') : iso;
  if (first !== undefined) return inferIso(column, first);
  const compact = fitting.find(({ format }) => format?.startsWith('%Y%m%d'));
  if (compact !== undefined) return inferCompact(column, compact);
  const [only, second] = fitting;
  if (only === undefined) return null;
  if (second === undefined && !isShort(only)) {
    return {
      ...typeOf(only),
      evidence: [...typeOf(only).evidence, `no other order of day, month and year fits them all`],
    };
  }
  const why = isShort(only)
    ? 'with years of two digits: their order and century are a guess'
    : 'in an order of day and month that no value tells';
  const evidence = [`${allOf(column.values)} dates, ${why}`];
  const alternatives = fitting.map((reading) => {
    const { type, format } = typeOf(reading);
    return alternativeOf(type, `if they are written ${format}`, { format });
  });
  return verdictOf('string', 0.5, evidence, { alternatives });
}

function isShort({ format }: TimeReading): boolean {
  return format?.includes('%y') === true;
}

function inferIso(column: ColumnProfile, reading: TimeReading): Verdict {
  if (reading.kind !== 'timestamp') return typeOf(reading);
  const days = reading.values - reading.zoned - reading.unzoned;
  const bare = days > 0 ? [`${countOf(days, 'value')} without a time of day: midnight`] : [];
  if (reading.zoned === 0 || reading.zoned === column.values) {
    const verdict = typeOf(reading);
    return { ...verdict, evidence: [...verdict.evidence, ...bare] };
  }
  const evidence = [
    `${allOf(column.values)} timestamps in ISO 8601, ${countOf(reading.zoned, 'value')} with an offset and ${(column.values - reading.zoned).toLocaleString('en-US')} without`,
  ];
  const { type } = typeOf({ ...reading, unzoned: 0 });
  const alternatives = [alternativeOf(type, 'if those without an offset are in the `timezone` of the source')];
  return verdictOf('string', 0.6, evidence, { alternatives });
}

/** Digits alone: a date only if there are several, and they differ. */
function inferCompact(column: ColumnProfile, reading: TimeReading): Verdict | null {
  const numbers = column.numbers.find(({ decimal, thousands }) => decimal === '.' && thousands === null);
  const varied = numbers === undefined || numbers.least !== numbers.greatest;
  if (numbers?.leadingZeros || column.values < 2 || !varied) return null;
  const verdict = typeOf(reading);
  const evidence = [...verdict.evidence, 'every one of them exists in the calendar'];
  const alternatives = numbers === undefined ? [] : [alternativeOf('bigint', 'if they are numbers')];
  return { ...verdict, confidence: column.values < 10 ? 0.7 : 0.9, evidence, alternatives };
}

function typeOf(reading: TimeReading): Verdict {
  const { kind, format, fraction, finest, zoned, values, years } = reading;
  const written = format === null ? 'in ISO 8601' : `written ${format}`;
  const evidence = [`${allOf(values)} ${kind}s ${written}`];
  if (kind === 'date') return verdictOf('date', format === null ? 0.98 : 0.93, evidence, { format });
  const name = kind === 'timestamp' && zoned > 0 ? 'timestamptz' : kind;
  if (zoned > 0) evidence.push('every value has an offset');
  if (fraction > 0) evidence.push(`fractions of a second of up to ${countOf(fraction, 'digit')}`);
  if (fraction <= MICROSECOND) return verdictOf(`${name}(us)`, format === null ? 0.97 : 0.92, evidence, { format });
  const reached = years === null || (years.least >= NANO_YEARS.least && years.greatest <= NANO_YEARS.greatest);
  if (finest <= FINEST && reached) return verdictOf(`${name}(ns)`, 0.9, evidence, { format });
  const why = finest <= FINEST ? 'nanoseconds do not reach all of their years' : 'finer than nanoseconds';
  const alternatives = [alternativeOf(`${name}(us)`, 'with `on_loss`: truncate', { format })];
  return verdictOf('string', 0.8, [...evidence, why], { alternatives });
}
