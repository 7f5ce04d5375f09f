import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';
import { ENCODINGS } from './encodings.ts';
import { featureSchema } from './feature-schema.ts';
import { DECIMAL_SEPARATORS, THOUSANDS_SEPARATORS } from './number-separators.ts';
import { timezoneSchema } from './timezone-schema.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const TIB = 1024 * 1024 * MIB;

/** One ASCII character that is no line end. */
const singleByte = (error: string) => z.string().regex(/^[^\n\r\u0080-\uffff]$/, { error });

const ROW_DELIMITER_ERROR = '"auto", a line end or one single-byte character is needed';
const DELIMITER_ERROR = 'one to 16 characters are needed, and no line end; a tab is written "\\t"';

/** Rows from CSV files (RFC 4180 and its common relatives). */
export const csvSourceSchema = z
  .strictObject({
    type: z.literal('csv').meta({ description: 'Rows from CSV files.' }),
    path: z.string().min(1).meta({
      description:
        'File, glob (`data/*.csv.gz`), either of them on a declared connection (`hdfs://lake/in/*.csv.gz`), or `-` for standard input; relative to the folder that holds metadata/. May hold `{{ name }}`.',
    }),
    compression: z.enum(['auto', 'none', 'gzip', 'zstd']).default('auto').meta({
      description: 'Compression of the input; `auto` looks at its first bytes.',
    }),
    encoding: z.enum(ENCODINGS).default('utf-8').meta({
      description:
        'Character encoding of the input. `utf-16` goes by its byte order mark. A byte that is not valid in it is a reject.',
    }),
    delimiter: z
      .string()
      .regex(/^[^\n\r\ud800-\udfff]{1,16}$/u, { error: DELIMITER_ERROR })
      .default(',')
      .meta({
        description:
          'What parts fields: one single-byte character (a tab is "\\t"), or up to 16 characters of any kind, which are read a hundred times slower and need `on_error: fail`.',
      }),
    row_delimiter: z
      .union([z.enum(['auto', '\n', '\r\n', '\r']), singleByte(ROW_DELIMITER_ERROR)], { error: ROW_DELIMITER_ERROR })
      .default('auto')
      .meta({
        description:
          'What ends a row: `auto` looks at the first one (LF, CRLF or CR); another single-byte character ("\\u001e") ends rows alone.',
      }),
    quote: singleByte('one single-byte character is needed, and no line end; null means no quoting')
      .nullable()
      .default('"')
      .meta({ description: 'Character around fields that hold delimiters or line ends; null = none.' }),
    escape: singleByte('the quote itself, or "\\\\", is possible').optional().meta({
      description:
        'What escapes a quote inside quotes: the quote itself (doubled; the default) or "\\\\". With `quote: null`, "\\\\" reads \\t, \\n, \\\\ and the like in fields, as PostgreSQL, MySQL and ClickHouse write them.',
    }),
    comment: singleByte('one single-byte character is needed, and no line end')
      .optional()
      .meta({ description: 'Lines that begin with this character, outside quotes, are skipped.' }),
    trim: z.boolean().default(false).meta({
      description: 'Whether blanks and tabs around fields and header names, outside quotes, are dropped.',
    }),
    trailing_delimiter: z.boolean().default(false).meta({
      description: 'Whether every row ends with one more delimiter, with nothing after it; the header may.',
    }),
    header: z.boolean().default(true).meta({ description: 'Whether the first row names the columns.' }),
    columns: z.array(z.string().min(1)).min(1).optional().meta({
      description: 'Names of all columns, in order, of files without a header.',
    }),
    repeated_header: z.enum(['reject', 'skip', 'keep']).default('reject').meta({
      description: 'What becomes of a row that is the header once more (files that were joined).',
    }),
    skip_rows: boundedInt(0, 1_000_000_000).default(0).meta({
      description: 'Physical lines to skip at the start of each file, before the header.',
    }),
    null_values: z.array(z.string()).default(['']).meta({ description: 'Unquoted fields that mean null.' }),
    quoted_nulls: z.boolean().default(false).meta({
      description: 'Whether a quoted field that reads like one of `null_values` is null too.',
    }),
    true_values: z.array(z.string().min(1)).min(1).default(['true', 'True', 'TRUE', 't', 'T', '1']).meta({
      description: 'Fields that a boolean reads as true.',
    }),
    false_values: z.array(z.string().min(1)).min(1).default(['false', 'False', 'FALSE', 'f', 'F', '0']).meta({
      description: 'Fields that a boolean reads as false.',
    }),
    date_format: z.string().min(1).optional().meta({
      description: 'strptime pattern of all dates without a `format` of their own; without it, ISO 8601.',
    }),
    timestamp_format: z.string().min(1).optional().meta({
      description: 'strptime pattern of all timestamps without a `format` of their own; without it, ISO 8601.',
    }),
    decimal_separator: z.enum(DECIMAL_SEPARATORS).default('.').meta({
      description: 'What stands before the fraction of a number.',
    }),
    thousands_separator: z.enum(THOUSANDS_SEPARATORS).optional().meta({
      description: 'What may part the digits of a number in threes; without it, nothing may.',
    }),
    timezone: timezoneSchema().default('UTC').meta({
      description: 'IANA zone in which zoneless text is read into a timestamptz.',
    }),
    max_row_bytes: boundedInt(64, 64 * MIB)
      .default(4 * MIB)
      .meta({
        description: 'Longest row, in bytes; also how far a closing quote is looked for.',
      }),
    max_columns: boundedInt(1, 1_000_000).default(16_384).meta({ description: 'Most columns of a row.' }),
    slice_bytes: boundedInt(64, KIB * MIB)
      .default(32 * MIB)
      .meta({
        description: 'Nominal bytes of input per task; a task makes one row group or more.',
      }),
    max_inflated_bytes: boundedInt(1, 1024 * TIB)
      .default(TIB)
      .meta({
        description: 'Most bytes that one compressed input may inflate to.',
      }),
    max_inflation_ratio: z.number().min(1).max(1_000_000).default(200).meta({
      description: 'Most bytes out per byte in of a compressed input.',
    }),
    features: z.array(featureSchema).min(1).meta({
      description: 'The columns to publish, in order; a source may have more.',
    }),
  })
  .meta({ title: 'csv source' });

export type CsvSource = z.output<typeof csvSourceSchema>;
