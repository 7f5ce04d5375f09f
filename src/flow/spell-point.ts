import type { IncrementalPlan } from './dataset-plan.ts';
import { type Point, parsePoint } from './point.ts';

/** A value as PostgreSQL and MySQL read it, whatever the session: a date in ISO, an instant with its offset. */
export function spellPoint(kind: IncrementalPlan['kind'], point: Point): string {
  if (kind === 'integer' || kind === 'decimal') return spellNumber(point);
  if (kind === 'date') return spellDay(point.units).join('');
  const micros = point.scale === 6 ? point.units : point.units * 10n ** BigInt(6 - point.scale);
  const seconds = floored(micros, 1_000_000n);
  const days = floored(seconds.quotient, 86_400n);
  const [day, era] = spellDay(days.quotient);
  const two = (value: bigint): string => String(value).padStart(2, '0');
  const clock = [days.remainder / 3600n, (days.remainder / 60n) % 60n, days.remainder % 60n].map(two).join(':');
  const fraction = String(seconds.remainder).padStart(6, '0').replace(/0+$/, '');
  const zone = kind === 'timestamptz' ? '+00' : '';
  return `${day} ${clock}${fraction === '' ? '' : `.${fraction}`}${zone}${era}`;
}

/** What people wrote, as servers read it; null where it is no value of the kind. */
export function spellValue(kind: IncrementalPlan['kind'], text: string): string | null {
  const point = parsePoint(kind, text.trim());
  return point === null ? null : spellPoint(kind, point);
}

function spellNumber({ units, scale }: Point): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The day, and ` BC` where it stands before year 1. */
function spellDay(days: bigint): readonly [string, string] {
  const shifted = Number(days) + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const spelled = year > 0 ? year : 1 - year;
  const text = `${String(spelled).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return [text, year > 0 ? '' : ' BC'];
}

function floored(value: bigint, by: bigint): { readonly quotient: bigint; readonly remainder: bigint } {
  const remainder = ((value % by) + by) % by;
  return { quotient: (value - remainder) / by, remainder };
}
