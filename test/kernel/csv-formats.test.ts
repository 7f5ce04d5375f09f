import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { twinDays } from './csv-twin-cast.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

/** One cell through the kernel: its value as text, or the code of its reject. */
function cast(text: string, type: string, format: string, more: Parameters<typeof fieldOf>[2] = {}): string {
  const fields = [fieldOf(0, type, { format, ...more })];
  for (const written of [text, `"${text.replaceAll('"', '""')}"`]) {
    if (written === text && /[";\n]/.test(text)) continue;
    const result = driver.run(Buffer.from(`${written}\n`), planOf({ width: 1, delimiter: 59, fields, nullValues: [] }));
    const answer = result.rejects[0]?.code.replace('ATLAS_CAST_', '') ?? String(result.rows[0]?.[0]);
    if (written !== text) return answer;
  }
  throw new Error('unreachable');
}

const seconds = (iso: string) => String(Date.parse(`${iso}Z`) / 1000);
const days = (iso: string) => String(Date.parse(`${iso}T00:00:00Z`) / 86_400_000);

describe('formats', () => {
  it.each([
    ['31/12/2023', 'date', '%d/%m/%Y', days('2023-12-31')],
    ['1/2/2023', 'date', '%d/%m/%Y', days('2023-02-01')],
    ['31/02/2023', 'date', '%d/%m/%Y', 'CALENDAR'],
    ['31/12/23', 'date', '%d/%m/%y', days('2023-12-31')],
    ['31/12/69', 'date', '%d/%m/%y', days('1969-12-31')],
    ['31/12/68', 'date', '%d/%m/%y', days('2068-12-31')],
    ['31/12/023', 'date', '%d/%m/%Y', 'SYNTAX'],
    ['31/12/2023 ', 'date', '%d/%m/%Y', 'SYNTAX'],
    ['31-12-2023', 'date', '%d/%m/%Y', 'SYNTAX'],
    ['20231231', 'date', '%Y%m%d', days('2023-12-31')],
    ['0000-01-01', 'date', '%Y-%m-%d', 'CALENDAR'],
    ['Dec 31, 2023', 'date', '%b %d, %Y', days('2023-12-31')],
    ['december 31, 2023', 'date', '%B %d, %Y', days('2023-12-31')],
    ['Sept 1, 2023', 'date', '%b %d, %Y', 'SYNTAX'],
    ['May 1, 2023', 'date', '%b %d, %Y', days('2023-05-01')],
    ['Sunday, 31 Dec 2023', 'date', '%A, %d %b %Y', days('2023-12-31')],
    ['Sat, 31 Dec 2023', 'date', '%a, %d %b %Y', 'CALENDAR'],
    ['2024-366', 'date', '%Y-%j', days('2024-12-31')],
    ['2024-60', 'date', '%Y-%j', days('2024-02-29')],
    ['2023-60', 'date', '%Y-%j', days('2023-03-01')],
    ['2023-366', 'date', '%Y-%j', 'CALENDAR'],
    ['2023-0', 'date', '%Y-%j', 'CALENDAR'],
    ['100% 2023-12-31', 'date', '100%% %F', days('2023-12-31')],
    ['2023年12月31日', 'date', '%Y年%m月%d日', days('2023-12-31')],
    ['say "2023-12-31"', 'date', 'say "%F"', days('2023-12-31')],
    ['2023-12-31 00:00', 'date', '%F %R', days('2023-12-31')],
    ['2023-12-31 00:01', 'date', '%F %R', 'LOSS'],
    ['12:34:56', 'time(s)', '%T', '45296'],
    ['12:34:56 PM', 'time(s)', '%I:%M:%S %p', '45296'],
    ['12:34:56 am', 'time(s)', '%I:%M:%S %p', '2096'],
    ['11:34:56 pm', 'time(s)', '%I:%M:%S %p', '84896'],
    ['13:34:56 pm', 'time(s)', '%I:%M:%S %p', 'CALENDAR'],
    ['0:34:56 pm', 'time(s)', '%I:%M:%S %p', 'CALENDAR'],
    ['24:00:00', 'time(s)', '%T', 'CALENDAR'],
    ['12:34:60', 'time(s)', '%T', 'CALENDAR'],
    ['12.34.56.5', 'time(s)', '%H.%M.%S.%f', 'LOSS'],
    ['12.34.56.5', 'time(ms)', '%H.%M.%S.%f', '45296500'],
    ['31.12.2023 12:34:56', 'timestamp(s)', '%d.%m.%Y %H:%M:%S', seconds('2023-12-31T12:34:56')],
    ['31.12.2023 12:34:56.123456', 'timestamp(us)', '%d.%m.%Y %T.%f', `${seconds('2023-12-31T12:34:56')}123456`],
    ['31.12.2023 12:34:56', 'timestamp(s)', '%d.%m.%Y', 'SYNTAX'],
    ['31.12.2023', 'timestamp(s)', '%d.%m.%Y', seconds('2023-12-31T00:00:00')],
    ['31/Dec/2023:12:34:56 +0100', 'timestamptz(s)', '%d/%b/%Y:%H:%M:%S %z', seconds('2023-12-31T11:34:56')],
    ['31/Dec/2023:12:34:56 +01:30', 'timestamptz(s)', '%d/%b/%Y:%H:%M:%S %z', seconds('2023-12-31T11:04:56')],
    ['31/Dec/2023:12:34:56 -01', 'timestamptz(s)', '%d/%b/%Y:%H:%M:%S %z', seconds('2023-12-31T13:34:56')],
    ['31/Dec/2023:12:34:56 Z', 'timestamptz(s)', '%d/%b/%Y:%H:%M:%S %z', seconds('2023-12-31T12:34:56')],
    ['31/Dec/2023:12:34:56 +99', 'timestamptz(s)', '%d/%b/%Y:%H:%M:%S %z', 'CALENDAR'],
    ['31/Dec/2023:12:34:56 +1', 'timestamptz(s)', '%d/%b/%Y:%H:%M:%S %z', 'SYNTAX'],
    ['31/Dec/2023:12:34:56 +0100', 'timestamp(s)', '%d/%b/%Y:%H:%M:%S %z', 'LOSS'],
    ['Sun, 31 Dec 2023 12:34:56 GMT', 'timestamptz(s)', '%a, %d %b %Y %T %Z', seconds('2023-12-31T12:34:56')],
    ['Sun, 31 Dec 2023 12:34:56 CET', 'timestamptz(s)', '%a, %d %b %Y %T %Z', 'SYNTAX'],
    ['', 'date', '%F', 'SYNTAX'],
  ])('%s as %s by %s is %s', (text, type, format, expected) => {
    expect(cast(text, type, format)).toBe(expected);
  });

  it('reads local times in the zone of the feature', () => {
    const format = '%d.%m.%Y %H:%M';
    const berlin = { timezone: 'Europe/Berlin' };
    expect(cast('01.07.2024 12:00', 'timestamptz(s)', format, berlin)).toBe(seconds('2024-07-01T10:00:00'));
    expect(cast('31.03.2024 02:30', 'timestamptz(s)', format, berlin)).toBe('ZONE');
    expect(cast('27.10.2024 02:30', 'timestamptz(s)', format, berlin)).toBe('ZONE');
  });

  it('loses what the feature lets it lose', () => {
    expect(cast('2023-12-31 12:00', 'date', '%F %R', { onLoss: 'truncate' })).toBe(days('2023-12-31'));
    expect(cast('2023-12-31 12:00', 'date', '%F %R', { onLoss: 'null' })).toBe('null');
    expect(cast('12:00:00.5', 'time(s)', '%T.%f', { onLoss: 'round' })).toBe('43201');
  });

  it('reads back what it would have written', () => {
    const two = (n: number) => String(n).padStart(2, '0');
    const names = [
      'January',
      'February',
      'March',
      'April',
      'May',
      'June',
      'July',
      'August',
      'September',
      'October',
      'November',
      'December',
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: 0, max: 86_399 }),
        (y, m, d, clock) => {
          const [h, mi, s] = [Math.floor(clock / 3600), Math.floor(clock / 60) % 60, clock % 60];
          const year = String(y).padStart(4, '0');
          const expected = twinDays(y, m, d);
          const half = h < 12 ? 'AM' : 'PM';
          for (const [text, format] of [
            [`${d}/${m}/${year} ${h}:${mi}:${s}`, '%d/%m/%Y %H:%M:%S'],
            [`${year}${two(m)}${two(d)}${two(h)}${two(mi)}${two(s)}`, '%Y%m%d%H%M%S'],
            [`${names[m - 1]} ${d}, ${year} ${h % 12 || 12}:${two(mi)}:${two(s)}${half}`, '%B %e, %Y %I:%M:%S%p'],
            [`${names[m - 1]?.slice(0, 3).toUpperCase()}-${d}-${year} ${two(h)}${two(mi)}${two(s)}`, '%b-%d-%Y %H%M%S'],
          ] as const) {
            expect(cast(text, 'timestamp(s)', format)).toBe(
              expected === null ? 'CALENDAR' : String(expected * 86_400 + clock),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
