/** A day after 1970-01-01, of any year of the Gregorian calendar, and a time of day, as PostgreSQL prints them. */
export function dayText(day: number, clock: string | null = null): string {
  // Cycles of 400 years are alike.
  const cycles = Math.floor(day / 146_097);
  const date = new Date((day - cycles * 146_097) * 86_400_000);
  const year = date.getUTCFullYear() + cycles * 400;
  const shown = String(year > 0 ? year : 1 - year).padStart(4, '0');
  const text = `${shown}-${date.toISOString().slice(5, 10)}${clock === null ? '' : ` ${clock}`}`;
  return year > 0 ? text : `${text} BC`;
}

/** Microseconds of a day as `HH:MM:SS[.ffffff]`. */
export function clockText(micros: bigint): string {
  const seconds = micros / 1_000_000n;
  const fraction = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}${fraction === '' ? '' : `.${fraction}`}`;
}
