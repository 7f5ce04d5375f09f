import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { decimalText, floatText, integerText, stampText } from './csv-arbitraries.ts';
import { castComparer, LOSSES, rulesOf } from './csv-compare.ts';
import { openParser } from './csv-drive.ts';
import type { CastRules } from './csv-twin-cast.ts';

let compare: (texts: readonly string[], rules: CastRules) => void;
beforeAll(async () => {
  compare = castComparer(await openParser({ maxRowBytes: 1 << 16 }));
});

const losses = fc.constantFrom(...LOSSES);

describe('values in their types', () => {
  const integers = ['tinyint', 'smallint', 'int32', 'bigint', 'uint8', 'uint16', 'uint32', 'uint64'];

  it.each(integers)('%s', (type) => {
    const bits = BigInt(
      type.replace('tinyint', '8').replace('smallint', '16').replace('bigint', '64').replace(/\D*/, ''),
    );
    const edges = [0n, 1n, 1n << (bits - 1n), 1n << bits].flatMap((edge) => [
      edge - 1n,
      edge,
      edge + 1n,
      -edge - 1n,
      -edge,
      -edge + 1n,
    ]);
    compare(
      [
        ...'+|-|--1|1 | 1|00000000000000000000000001|-0|1_0|0x1|1e3|1.0|.5|5.|.|-.|12a|１'.split('|'),
        ...edges.map(String),
        ...edges.map((edge) => `+${edge}`),
        '1\0',
        '\0',
      ],
      rulesOf(type),
    );
    fc.assert(
      fc.property(fc.array(integerText, { maxLength: 50 }), losses, (texts, onLoss) =>
        compare(texts, rulesOf(type, { onLoss })),
      ),
      { numRuns: 60 },
    );
  });

  it.each(['double', 'real'])('%s', (type) => {
    compare(
      [
        ...'0|-0|-0.0|0e999999999|1|.5|5.|.|-|+|e5|1e|1e+|1e5|1E-5|+1.5|1.5e+3|1..2|1.2.3|1,5|inf|-Inf|+INFINITY'.split(
          '|',
        ),
        ...'infinit|nan|-NaN|nano|infinity1|0x10|1f|1_000| 1|1 ||1.7976931348623157e308|1.7976931348623158e308'.split(
          '|',
        ),
        ...'1.7976931348623159e308|1.797693134862315807e308|1e309|-1e400|1e-400|1e-999999999999|4.9e-324'.split('|'),
        ...'2.4703282292062327e-324|2.4703282292062328e-324|2.2250738585072014e-308|2.2250738585072011e-308'.split('|'),
        ...'5e-324|9007199254740993|9007199254740992|9007199254740991|18014398509481985|9223372036854775807'.split('|'),
        ...'18446744073709551615|18446744073709551616|8.5|3.5028234e38|3.4028235e38|3.4028235677973366e38'.split('|'),
        ...'3.4028235677973365e38|3.4028236e38|1.401298464324817e-45|7.006492321624085e-46|7.006492321624086e-46'.split(
          '|',
        ),
        ...'1.1754943508222875e-38|1.17549435e-38|1.1754942807573643e-38|16777217|16777217.0000000000000000001'.split(
          '|',
        ),
        ...'16777216.9999999999999999999|33554435|1.00000005960464477539062500000|1.00000005960464477539062500001'.split(
          '|',
        ),
        ...'1.000000059604644775390624999|0.1|0.2|0.3|123456789012345678901234567890'.split('|'),
        ...'0.000000000000000000000000000001|1.000000000000000000000000000000000000000000001'.split('|'),
        ...'2.00416836000897277799610805135016205e-292|6.8985865317742005e-290|7.2057594037927933e16'.split('|'),
        ...'1448997445238699|5e-20'.split('|'),
        `1${'0'.repeat(400)}`,
        `0.${'0'.repeat(400)}1e401`,
        `${'9'.repeat(800)}e-500`,
        `1.${'0'.repeat(767)}1`,
      ],
      rulesOf(type),
    );
    fc.assert(
      fc.property(fc.array(floatText, { maxLength: 50 }), (texts) => compare(texts, rulesOf(type))),
      { numRuns: 200 },
    );
  });

  it.each([
    'decimal(1,0)',
    'decimal(9,2)',
    'decimal(18,18)',
    'decimal(18,4)',
    'decimal(19,0)',
    'decimal(38,0)',
    'decimal(38,10)',
    'decimal(38,38)',
  ])('%s', (type) => {
    const nines = '9'.repeat(38);
    compare(
      [
        ...'0|-0||.|1|-1|+1|9|10|99.99|99.995|99.994|1.10|1.100000000000000000000000000000|0.001|1e1|1e-1|100e-2'.split(
          '|',
        ),
        ...'1.5e1|1e999999999|0e999999999|1e-999999999|0e-999999999|1e|x|1.2.3|9999999.99|10000000.00|9999999.995'.split(
          '|',
        ),
        ...'00000000000000000000000000000000000000000001.5|1,5|12345678901234567|1234567890123456'.split('|'),
        ...'0.12345678901234567| 1'.split('|'),
        `-${nines}`,
        `${nines}0`,
        `0.${nines}`,
        `-.${nines}`,
        `${nines}.0`,
      ],
      rulesOf(type),
    );
    fc.assert(
      fc.property(fc.array(decimalText, { maxLength: 50 }), losses, (texts, onLoss) =>
        compare(texts, rulesOf(type, { onLoss })),
      ),
      { numRuns: 60 },
    );
  });

  it('boolean', () => {
    compare(['true', 'false', 'yes', 'no', '1', '0', '', 'TRUE', 'tru', 'truee', ' true', '01'], rulesOf('boolean'));
    compare(
      ['ja', 'nein', 'true', 'a very long way of saying so'],
      rulesOf('boolean', { trueValues: ['ja', 'a very long way of saying so'], falseValues: ['nein'] }),
    );
  });

  it('uuid', () => {
    const plain = '00112233-4455-6677-8899-aAbBcCdDeEfF';
    const bad = Array.from(plain, (_, i) => `${plain.slice(0, i)}g${plain.slice(i + 1)}`);
    const bare = plain.replaceAll('-', '');
    compare(
      [
        ...''.split('|'),
        `{${plain}}`,
        `${plain}0`,
        `${bare}0`,
        ...bad,
        ...Array.from(bare, (_, i) => `${bare.slice(0, i)}\xff${bare.slice(i + 1)}`),
        `${bare.slice(0, 8)}-${bare.slice(8)}`,
      ],
      rulesOf('uuid'),
    );
    fc.assert(fc.property(fc.uuid(), (id) => compare([id, id.toUpperCase(), id.replaceAll('-', '')], rulesOf('uuid'))));
  });

  it('every byte in every place of a date, a timestamp and a number', () => {
    const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).filter((c) => !'";\r\n'.includes(c));
    const places = (text: string) =>
      Array.from(text, (_, i) => bytes.map((c) => `${text.slice(0, i)}${c}${text.slice(i + 1)}`)).flat();
    compare(places('2024-02-29'), rulesOf('date'));
    compare(places('2024-02-29 12:34:56'), rulesOf('timestamp(ms)'));
    compare(places('2024-02-29T12:34:56.789+01:30'), rulesOf('timestamptz(ms)'));
    compare(places('12:34:56.5'), rulesOf('time(us)'));
    compare(places('12345678'), rulesOf('bigint'));
    compare(places('-123456789'), rulesOf('bigint'));
    compare(places('-123.4567'), rulesOf('double'));
    compare(places('123.45'), rulesOf('decimal(9,2)'));
  });

  it('every day of every year', () => {
    const days: string[] = [];
    for (let year = 1; year <= 9999; year += year % 100 === 0 || (year > 1890 && year < 2110) ? 1 : 7) {
      for (let month = 1; month <= 12; month++) {
        for (const day of [1, 28, 29, 30, 31])
          days.push(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${day === 1 ? '01' : day}`);
      }
    }
    for (let i = 0; i < days.length; i += 4000) {
      compare(days.slice(i, i + 4000), rulesOf('date'));
      compare(
        days.slice(i, i + 4000).map((day) => `${day}T23:59:59`),
        rulesOf('timestamp(us)'),
      );
    }
  }, 120_000);

  it.each([
    'date',
    'time(s)',
    'time(ms)',
    'time(us)',
    'time(ns)',
    'timestamp(s)',
    'timestamp(ms)',
    'timestamp(us)',
    'timestamp(ns)',
    'timestamptz(s)',
    'timestamptz(ns)',
  ])('%s', (type) => {
    compare(
      [
        ...'2024-01-01|2023-02-29|1900-02-29|2000-02-29|2100-02-29|0000-01-01|0001-01-01|9999-12-31|2024-00-10'.split(
          '|',
        ),
        ...'2024-13-10|2024-04-31|2024-1-1|20240101|2024-01-01T|2024-01-01 |+2024-01-01|12024-01-01|2024/01/01'.split(
          '|',
        ),
        ...'0000-00-00|2024-01-01 00:00|2024-01-01 00:00:00|2024-01-01t00:00:00|2024-01-01_00:00:00'.split('|'),
        ...'2024-01-01  00:00:00|2024-01-01 24:00:00|2024-01-01 23:59:60|2024-01-01 23:60:00|2024-01-01 00:00:00.'.split(
          '|',
        ),
        ...'2024-01-01 00:00:00.0|2024-01-01 00:00:00.5|2024-01-01 00:00:00,5|2024-01-01 1:02:03|2024-01-01 0102'.split(
          '|',
        ),
        ...'2024-01-01 00:00:00.123456789|2024-01-01 00:00:00.1234567890|2024-01-01 00:00:00.1234567891'.split('|'),
        ...'2024-01-01 00:00:00.123456789500|1969-12-31 23:59:59.999|1969-12-31 23:59:59.9999999999'.split('|'),
        ...'1960-01-01 00:00:00.0005|1960-01-01 00:00:00.000499|2024-01-01 00:00:00Z|2024-01-01Z'.split('|'),
        ...'2024-01-01 00:00Z|2024-01-01 00:00:00+01|2024-01-01 00:00:00+0130|2024-01-01 00:00:00-01:30'.split('|'),
        ...'2024-01-01 00:00:00+24:00|2024-01-01 00:00:00+01:60|2024-01-01 00:00:00+1|2024-01-01 00:00:00+01:3'.split(
          '|',
        ),
        ...'2024-01-01 00:00:00+01:|2024-01-01 00:00:00 +01|2024-01-01 00:00:00.5z|2024-02-30 25:00:00+99'.split('|'),
        ...'2024-02-30 00:00:00+99|2024-02-30 00:00:00+|0001-01-01 00:00:00+10|9999-12-31 23:59:59-10'.split('|'),
        ...'2024-01-01T00:00:00UTC|1677-09-21 00:12:43.145224191|1677-09-21 00:12:43.145224192'.split('|'),
        ...'1677-09-21 00:12:43.1452241915|2262-04-11 23:47:16.854775807|2262-04-11 23:47:16.854775808'.split('|'),
        ...'2262-04-11 23:47:16.8547758075|2262-04-11 23:47:17|1677-09-21 00:12:43|1677-09-21 00:12:44|00:00'.split(
          '|',
        ),
        ...'00:00:00|23:59:59.999999999|23:59:59.9999999999|23:59:59.9995|24:00|24:00:00|12:60|12:34:60|12|1:2'.split(
          '|',
        ),
        ...'12:34:5|12:34:56.|12:34:56.5Z|12:34:56.0000000000000000000|12:34:56.1234567|-12:34||x'.split('|'),
      ],
      rulesOf(type),
    );
    fc.assert(
      fc.property(fc.array(stampText, { maxLength: 60 }), losses, (texts, onLoss) =>
        compare(texts, rulesOf(type, { onLoss })),
      ),
      { numRuns: 80 },
    );
  });
});

describe('local times', () => {
  it.each([
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Africa/Casablanca',
    'Pacific/Apia',
    'America/St_Johns',
    'Etc/UTC',
  ])('%s', (timezone) => {
    const texts: string[] = [];
    const two = (n: number) => String(n).padStart(2, '0');
    for (const year of ['1200', '1883', '1945', '2011', '2024', '9998']) {
      for (let month = 1; month <= 12; month++) {
        for (const [day, time] of [
          [1, '00:00:00'],
          [10, '02:30:00'],
          [31, '23:59:59'],
        ])
          texts.push(`${year}-${two(month)}-${two(Number(day))} ${time}`);
      }
    }
    for (let hour = 0; hour < 24; hour++) {
      for (const minute of ['00', '29', '30']) {
        for (const day of [
          '2024-03-31',
          '2024-10-27',
          '2024-03-10',
          '2024-11-03',
          '2024-04-07',
          '2024-10-06',
          '2011-12-29',
          '2011-12-30',
          '2011-12-31',
        ])
          texts.push(`${day} ${two(hour)}:${minute}:00`);
      }
    }
    compare(texts, rulesOf('timestamptz(ms)', { timezone }));
    compare(
      texts.slice(0, 20).map((text) => `${text}+01:00`),
      rulesOf('timestamptz(us)', { timezone }),
    );
  });

  it('agree at random instants of a zone', () => {
    const instant = fc
      .integer({ min: -2_000_000_000, max: 4_000_000_000 })
      .map((seconds) => new Date(seconds * 1000).toISOString().slice(0, 19));
    fc.assert(
      fc.property(
        fc.array(instant, { maxLength: 20 }),
        fc.constantFrom('Europe/Dublin', 'America/Sao_Paulo', 'Asia/Tehran', 'Antarctica/Troll'),
        (texts, timezone) => compare(texts, rulesOf('timestamptz(s)', { timezone })),
      ),
      { numRuns: 25 },
    );
  });
});
