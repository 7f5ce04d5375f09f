import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';
import { csvSourceSchema } from './csv-source-schema.ts';
import { featureSchema } from './feature-schema.ts';

const MIB = 1024 * 1024;
const { compression, true_values, false_values, date_format, timestamp_format, timezone } = csvSourceSchema.shape;
const { slice_bytes, max_inflated_bytes, max_inflation_ratio } = csvSourceSchema.shape;

/** Rows from files of JSON lines: one object (RFC 8259) a line, in UTF-8. */
export const jsonlSourceSchema = z
  .strictObject({
    type: z.literal('jsonl').meta({ description: 'Rows from files of JSON lines: one object a line.' }),
    path: z.string().min(1).meta({
      description:
        'File, glob (`data/*.jsonl.gz`), either of them on a declared connection (`hdfs://lake/in/*.jsonl`), or `-` for standard input; relative to the folder that holds metadata/. May hold `{{ name }}`.',
    }),
    compression,
    null_values: z.array(z.string()).default([]).meta({ description: 'Texts that mean null, beside null itself.' }),
    true_values: true_values
      .clone()
      .meta({ description: 'Texts and numbers that a boolean reads as true, beside `true`.' }),
    false_values: false_values
      .clone()
      .meta({ description: 'Texts and numbers that a boolean reads as false, beside `false`.' }),
    date_format,
    timestamp_format,
    timezone,
    max_row_bytes: boundedInt(64, 64 * MIB)
      .default(4 * MIB)
      .meta({ description: 'Longest line, in bytes.' }),
    max_depth: boundedInt(1, 1024).default(128).meta({ description: 'Most objects and arrays within each other.' }),
    slice_bytes,
    max_inflated_bytes,
    max_inflation_ratio,
    features: z.array(featureSchema).min(1).meta({
      description:
        'The columns to publish, in order; objects may have more keys. `from` is a key, or a path of keys (`user.city`; `a\\.b` is one key with a dot in it, `""` the empty key).',
    }),
  })
  .meta({ title: 'jsonl source' });

export type JsonlSource = z.output<typeof jsonlSourceSchema>;
