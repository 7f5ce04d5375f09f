const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in three digits or so (`512 B`, `4.0 KiB`, `450 MiB`). */
export function humanBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** A count with thousands separated (`4,000,000`), in every locale. */
export function humanCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A rate in three digits or so (`950`, `12.3 k`, `4.9 M`). */
export function humanRate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '-';
  if (perSecond >= 999_500) return `${(perSecond / 1e6).toFixed(perSecond >= 99_950_000 ? 0 : 1)} M`;
  if (perSecond >= 999.5) return `${(perSecond / 1e3).toFixed(perSecond >= 99_950 ? 0 : 1)} k`;
  return String(Math.round(perSecond));
}

/** Seconds (`0.03`, `12.4`), and from two minutes on hours, minutes and seconds (`1h02m03s`). */
export function humanSeconds(seconds: number): string {
  if (seconds < 9.995) return seconds.toFixed(2);
  if (seconds < 119.95) return seconds.toFixed(1);
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}h${pad(minutes)}m${pad(whole % 60)}s` : `${minutes}m${pad(whole % 60)}s`;
}
