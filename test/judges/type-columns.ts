/** One column of the type fixture: CSV fields, and what each judge must say of them. A null follows as the last row. */
export interface TypeColumn {
  readonly name: string;
  readonly type: string;
  readonly fields: readonly string[];
  /** DuckDB's `VARCHAR` of each value; the fields themselves where left out. */
  readonly duckdb?: readonly string[];
  /** ClickHouse's `toString` of each value; DuckDB's where left out. */
  readonly clickhouse?: readonly string[];
  /** Least and greatest as DuckDB shows the footer's statistics; null where there must be none. */
  readonly statistics: readonly [string, string] | null;
  /** What parquetjs-lite answers; left out where it cannot represent the type or the values. */
  readonly parquetjs?: readonly unknown[];
}

const int = (type: string, low: string, high: string, representable = true): TypeColumn => ({
  name: type,
  type,
  fields: [high, '0', low, '7'],
  statistics: [low, high],
  ...(representable ? { parquetjs: [Number(high), 0, Number(low), 7] } : {}),
});

/** Every logical type at its edges, as far as all judges can show it (ClickHouse's dates end at 1900 and 2299). */
export const TYPE_COLUMNS: readonly TypeColumn[] = [
  int('int8', '-128', '127'),
  int('int16', '-32768', '32767'),
  int('int32', '-2147483648', '2147483647'),
  int('int64', '-9223372036854775808', '9223372036854775807', false),
  int('uint8', '0', '255'),
  int('uint16', '0', '65535'),
  int('uint32', '0', '4294967295', false),
  int('uint64', '0', '18446744073709551615', false),
  {
    name: 'double',
    type: 'double',
    fields: ['-0.5', '1.7976931348623157e308', '5e-324', '0.1'],
    duckdb: ['-0.5', '1.7976931348623157e+308', '5e-324', '0.1'],
    clickhouse: ['-0.5', '1.7976931348623157e308', '5e-324', '0.1'],
    statistics: ['-0.5', '1.7976931348623157e+308'],
    parquetjs: [-0.5, 1.7976931348623157e308, 5e-324, 0.1],
  },
  {
    name: 'zero_and_nan',
    type: 'double',
    fields: ['-0.0', 'NaN', '-0.0', '-0.0'],
    duckdb: ['-0.0', 'nan', '-0.0', '-0.0'],
    clickhouse: ['-0', 'nan', '-0', '-0'],
    statistics: ['-0.0', '0.0'],
  },
  {
    name: 'real',
    type: 'real',
    fields: ['-0.25', '3.4028235e38', '0.1', '16777216'],
    duckdb: ['-0.25', '3.4028235e+38', '0.1', '16777216.0'],
    clickhouse: ['-0.25', '3.4028235e38', '0.1', '16777216'],
    statistics: ['-0.25', '3.4028235e+38'],
    parquetjs: [-0.25, 3.4028234663852886e38, Math.fround(0.1), 16_777_216],
  },
  {
    name: 'decimal_9_2',
    type: 'decimal(9,2)',
    fields: ['-9999999.99', '9999999.99', '0.01', '5.00'],
    statistics: ['-9999999.99', '9999999.99'],
  },
  {
    name: 'decimal_18_4',
    type: 'decimal(18,4)',
    fields: ['-99999999999999.9999', '1.0000', '99999999999999.9999', '0.0001'],
    statistics: ['-99999999999999.9999', '99999999999999.9999'],
  },
  {
    name: 'decimal_38_10',
    type: 'decimal(38,10)',
    fields: [
      '-9999999999999999999999999999.9999999999',
      '9999999999999999999999999999.9999999999',
      '-0.0000000001',
      '1.0000000000',
    ],
    statistics: ['-9999999999999999999999999999.9999999999', '9999999999999999999999999999.9999999999'],
  },
  {
    name: 'boolean',
    type: 'boolean',
    fields: ['true', 'false', 'true', 'true'],
    statistics: ['false', 'true'],
    parquetjs: [true, false, true, true],
  },
  {
    name: 'string',
    type: 'string',
    fields: ['b', '', 'ÿ', 'aé𝄞'],
    statistics: ['', 'ÿ'],
    parquetjs: ['b', '', 'ÿ', 'aé𝄞'],
  },
  {
    name: 'json',
    type: 'json',
    fields: ['{"a":"x"}', '{"b":"y"}', '{"a":"x"}', '{"c":"z"}'],
    statistics: ['{"a":"x"}', '{"c":"z"}'],
    parquetjs: [{ a: 'x' }, { b: 'y' }, { a: 'x' }, { c: 'z' }],
  },
  { name: 'binary', type: 'binary', fields: ['plain', 'bytes', 'a', 'z'], statistics: ['a', 'z'] },
  {
    name: 'uuid',
    type: 'uuid',
    fields: [
      '00000000-0000-0000-0000-000000000001',
      'ffffffff-ffff-4fff-bfff-ffffffffffff',
      '6f9619ff-8b86-d011-b42d-00c04fc964ff',
      '00000000-0000-0000-0000-000000000001',
    ],
    statistics: ['00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
  },
  {
    name: 'date',
    type: 'date',
    fields: ['1969-12-31', '2299-12-31', '1900-01-01', '2024-02-29'],
    statistics: ['1900-01-01', '2299-12-31'],
  },
  {
    name: 'time_s',
    type: 'time(s)',
    fields: ['00:00:00', '23:59:59', '12:00:00', '00:00:01'],
    clickhouse: [
      '1970-01-01 00:00:00.000',
      '1970-01-01 23:59:59.000',
      '1970-01-01 12:00:00.000',
      '1970-01-01 00:00:01.000',
    ],
    statistics: ['00:00:00', '23:59:59'],
  },
  {
    name: 'time_us',
    type: 'time(us)',
    fields: ['00:00:00.000001', '23:59:59.999999', '12:00:00.500001', '00:00:01.000001'],
    clickhouse: [
      '1970-01-01 00:00:00.000001',
      '1970-01-01 23:59:59.999999',
      '1970-01-01 12:00:00.500001',
      '1970-01-01 00:00:01.000001',
    ],
    statistics: ['00:00:00.000001', '23:59:59.999999'],
  },
  {
    name: 'timestamp_s',
    type: 'timestamp',
    fields: ['1969-12-31 23:59:59', '2299-12-31 23:59:59', '1900-01-01 00:00:00', '2024-02-29 12:00:00'],
    clickhouse: [
      '1969-12-31 23:59:59.000',
      '2299-12-31 23:59:59.000',
      '1900-01-01 00:00:00.000',
      '2024-02-29 12:00:00.000',
    ],
    statistics: ['1900-01-01 00:00:00', '2299-12-31 23:59:59'],
  },
  {
    name: 'timestamp_ms',
    type: 'timestamp(ms)',
    fields: [
      '1969-12-31 23:59:59.999',
      '2024-02-29 12:00:00.001',
      '1970-01-01 00:00:00.001',
      '2000-01-01 00:00:00.123',
    ],
    statistics: ['1969-12-31 23:59:59.999', '2024-02-29 12:00:00.001'],
  },
  {
    name: 'timestamp_ns',
    type: 'timestamp(ns)',
    fields: [
      '1969-12-31 23:59:59.999999999',
      '2024-02-29 12:00:00.000000001',
      '1970-01-01 00:00:00.000000001',
      '2000-01-01 00:00:00.123456789',
    ],
    statistics: ['1969-12-31 23:59:59.999999999', '2024-02-29 12:00:00.000000001'],
  },
  {
    name: 'timestamptz_us',
    type: 'timestamptz',
    fields: [
      '2024-02-29T12:00:00.000001+05:30',
      '1969-12-31T23:59:59.999999Z',
      '2000-01-01 00:00:00.5',
      '2024-02-29T00:00:00-08:00',
    ],
    duckdb: [
      '2024-02-29 06:30:00.000001+00',
      '1969-12-31 23:59:59.999999+00',
      '2000-01-01 00:00:00.5+00',
      '2024-02-29 08:00:00+00',
    ],
    clickhouse: [
      '2024-02-29 06:30:00.000001',
      '1969-12-31 23:59:59.999999',
      '2000-01-01 00:00:00.500000',
      '2024-02-29 08:00:00.000000',
    ],
    statistics: ['1969-12-31 23:59:59.999999+00', '2024-02-29 08:00:00+00'],
  },
];
