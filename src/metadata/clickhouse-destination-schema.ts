import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';

const MIB = 1024 * 1024;
const names = (description: string) => z.array(z.string().min(1)).default([]).meta({ description });

/** A table of a ClickHouse. */
export const clickhouseDestinationSchema = z
  .strictObject({
    type: z.literal('clickhouse').meta({ description: 'A table of a ClickHouse.' }),
    connection: z.string().min(1).meta({ description: 'Name of a connection of type clickhouse.' }),
    database: z.string().min(1).optional().meta({
      description: "Name of the database, where it is not the connection's. May hold `{{ name }}`.",
    }),
    table: z.string().min(1).meta({
      description: 'Name of the table, without quotes; a dot is part of the name. May hold `{{ name }}`.',
    }),
    mode: z
      .enum(['append', 'overwrite', 'replace_partitions'], {
        error: 'a mode is needed: append, overwrite or replace_partitions (merge is not supported yet)',
      })
      .meta({
        description:
          '`append` adds rows, and skips inputs whose content it added before. `overwrite` replaces the table by one step. `replace_partitions` replaces the partitions that the load holds, and no other.',
      }),
    create_table: z.boolean().default(true).meta({
      description:
        'Make the table if it is not there. The keys below say how; of a table that is there they must agree with it.',
    }),
    engine: z.string().min(1).optional().meta({
      description: 'Table engine of the MergeTree family, with its parameters; `MergeTree` without it.',
    }),
    order_by: z.array(z.string().min(1)).optional().meta({
      description:
        'Features, or expressions of them, that rows are sorted by (`["station", "toDate(seen)"]`); without it, none.',
    }),
    partition_by: z.array(z.string().min(1)).optional().meta({
      description: 'Features, or expressions of them, whose values part the table (`["toYYYYMM(day)"]`).',
    }),
    primary_key: z.array(z.string().min(1)).optional().meta({
      description: 'Features, or expressions of them: a prefix of `order_by`, where the index is to be shorter.',
    }),
    settings: z
      .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .meta({
        description: 'Settings of the table (`{ "index_granularity": 8192 }`).',
      }),
    low_cardinality: names('Features of text that are stored as `LowCardinality`.'),
    on_views: z.enum(['refuse', 'bypass', 'direct']).default('refuse').meta({
      description:
        'What to do where materialized views read what is inserted into the table: `bypass` publishes past them, they see nothing; `direct` (`append` only) inserts what was staged into the table itself, part by part, so that they see every row and readers see a load before it is whole.',
    }),
    block_rows: boundedInt(1, 100_000_000)
      .default(1_048_576)
      .meta({ description: 'Most rows of a block: of one INSERT.' }),
    block_bytes: boundedInt(65_536, 4096 * MIB)
      .default(256 * MIB)
      .meta({ description: 'Most bytes of values in a block.' }),
  })
  .meta({ title: 'clickhouse destination' });

export type ClickhouseDestination = z.output<typeof clickhouseDestinationSchema>;
