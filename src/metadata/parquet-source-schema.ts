import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';
import { featureSchema } from './feature-schema.ts';
import { timezoneSchema } from './timezone-schema.ts';

const MIB = 1024 * 1024;

/** Rows from Parquet files: only the columns that features take are read. */
export const parquetSourceSchema = z
  .strictObject({
    type: z.literal('parquet').meta({ description: 'Rows from Parquet files.' }),
    path: z.string().min(1).meta({
      description:
        'File, glob (`data/*.parquet`) or `hdfs://<connection>/…`; relative to the folder that holds metadata/. May hold `{{ name }}`.',
    }),
    timezone: timezoneSchema().default('UTC').meta({
      description: 'IANA zone in which timestamps without a zone are read into a timestamptz.',
    }),
    max_row_bytes: boundedInt(64, 64 * MIB)
      .default(4 * MIB)
      .meta({ description: 'Most bytes of texts in one row; a row with more is a reject.' }),
    max_page_bytes: boundedInt(4096, 1024 * MIB)
      .default(256 * MIB)
      .meta({ description: 'Largest page, decompressed: one of each column is held in memory.' }),
    slice_bytes: boundedInt(64, 1024 * MIB)
      .default(32 * MIB)
      .meta({
        description:
          'Row groups are read together, as one task, up to this many decompressed bytes of the columns taken; a larger one is a task of its own.',
      }),
    features: z
      .union([z.literal('*'), z.array(featureSchema).min(1)], { error: 'a list of features, or "*", is needed' })
      .meta({
        description:
          "The columns to publish, in order; a source may have more, which are not read. `*`: the file's own, with their own types.",
      }),
  })
  .meta({ title: 'parquet source' });

export type ParquetSource = z.output<typeof parquetSourceSchema>;
