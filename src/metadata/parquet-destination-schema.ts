import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Parquet on a local disk or on HDFS: one file, or a folder of files. */
export const parquetDestinationSchema = z
  .strictObject({
    type: z.literal('parquet').meta({ description: 'Parquet files.' }),
    path: z.string().min(1).meta({
      description:
        'A name that ends in `.parquet` is one file. One that ends in `/` is a folder, as is any with `partition_by` or `max_rows_per_file`. Relative to the folder that holds metadata/. May hold `{{ name }}`.',
    }),
    mode: z.enum(['overwrite', 'append', 'replace_partitions', 'error_if_exists']).default('overwrite').meta({
      description:
        '`overwrite` replaces a file by one rename; a folder only where it is empty, or has versions. `append` adds files to a folder, and skips inputs whose content it added before. `replace_partitions` replaces the partitions that the load holds, and no other. `error_if_exists` replaces nothing.',
    }),
    layout: z.enum(['plain', 'versioned']).default('plain').meta({
      description:
        '`versioned` makes the folder hold a folder for each version and a pointer to the current one (`_atlas/current.json`), which one rename replaces: that is how a folder is overwritten atomically.',
    }),
    keep_versions: boundedInt(1, 1000).optional().meta({
      description: 'Versions to keep with `layout: versioned`, the current one included; 2 without it.',
    }),
    compression: z
      .enum(['snappy', 'gzip', 'zstd', 'none'])
      .default('snappy')
      .meta({ description: 'Codec of the pages.' }),
    compression_level: boundedInt(1, 22).optional().meta({
      description: "Level of gzip (1 to 9) or zstd (1 to 22); without it, the codec's default.",
    }),
    encodings: z.enum(['auto', 'compatible']).default('auto').meta({
      description:
        '`auto` picks the smallest encoding per column chunk; `compatible` keeps to PLAIN and dictionary, for old readers.',
    }),
    row_group_rows: boundedInt(1, 2_147_483_647).default(1_048_576).meta({ description: 'Most rows of a row group.' }),
    row_group_bytes: boundedInt(64, 1024 * MIB)
      .default(64 * MIB)
      .meta({
        description: 'Most bytes of values in a row group, before encoding.',
      }),
    page_bytes: boundedInt(64, 64 * MIB)
      .default(MIB)
      .meta({ description: 'Nominal bytes of a data page, before compression.' }),
    max_rows_per_file: boundedInt(1, Number.MAX_SAFE_INTEGER).optional().meta({
      description: 'Most rows of a file; makes the destination a folder.',
    }),
    partition_by: z.array(z.string().min(1)).default([]).meta({
      description: 'Features whose values become folders (`year=2024/`, Hive layout) instead of columns.',
    }),
  })
  .meta({ title: 'parquet destination' });

export type ParquetDestination = z.output<typeof parquetDestinationSchema>;
