import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';
import { featureSchema } from './feature-schema.ts';
import { timezoneSchema } from './timezone-schema.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const TIB = 1024 * 1024 * MIB;

/** One ASCII character that is no line end. */
const singleByte = (error: string) => z.string().regex(/^[^\n\r\u0080-\uffff]$/, { error });

const DELIMITER_ERROR = 'one single-byte character is needed, and no line end; a tab is written "\\t"';

/** Rows from CSV files (RFC 4180 and its common relatives), UTF-8. */
export const csvSourceSchema = z
  .strictObject({
    type: z.literal('csv').meta({ description: 'Rows from CSV files in UTF-8.' }),
    path: z.string().min(1).meta({
      description:
        'File, glob (`data/*.csv.gz`) or `-` for standard input; relative to the folder that holds metadata/. May hold `{{ name }}`.',
    }),
    compression: z.enum(['auto', 'none', 'gzip', 'zstd']).default('auto').meta({
      description: 'Compression of the input; `auto` looks at its first bytes.',
    }),
    delimiter: singleByte(DELIMITER_ERROR)
      .default(',')
      .meta({ description: 'One single-byte character; a tab is "\\t".' }),
    quote: singleByte('one single-byte character is needed, and no line end; null means no quoting')
      .nullable()
      .default('"')
      .meta({ description: 'Character around fields that hold delimiters or line ends; null = none.' }),
    escape: singleByte('the quote itself, or "\\\\", is possible')
      .optional()
      .meta({ description: 'What escapes a quote inside quotes: the quote itself (doubled; the default) or "\\\\".' }),
    header: z.boolean().default(true).meta({ description: 'Whether the first row names the columns.' }),
    columns: z.array(z.string().min(1)).min(1).optional().meta({
      description: 'Names of all columns, in order, of files without a header.',
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
