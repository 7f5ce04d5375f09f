import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';
import { featureSchema } from './feature-schema.ts';
import { incrementalSchema } from './incremental-schema.ts';
import { safeName } from './safe-name.ts';
import { timezoneSchema } from './timezone-schema.ts';

const MIB = 1024 * 1024;

/** What the sources of all databases declare. */
const tableKeys = {
  connection: safeName().meta({ description: 'Name of the connection.' }),
  table: z.string().min(1).optional().meta({
    description:
      'Table or view (`public.orders`; a name with a dot or quote in double quotes), or all of a schema (`public.*`): one dataset each, with `{{ table }}` in the destination. May hold `{{ name }}`.',
  }),
  exclude: z.array(z.string().min(1)).default([]).meta({
    description: 'With `public.*`: tables to leave out (`public.audit`, `public.tmp_*`).',
  }),
  query: z.string().min(1).optional().meta({
    description: 'Instead of `table`: a SELECT. `{{ name }}` stands for a value: it is bound, never pasted.',
  }),
  where: z.string().min(1).optional().meta({
    description: 'Condition on the rows of `table`, in the words of the server. `{{ name }}` is bound.',
  }),
  features: z
    .union([z.literal('*'), z.array(featureSchema).min(1)], { error: 'a list of features, or "*", is needed' })
    .meta({
      description:
        "The columns to publish, in order; a source may have more, which are not read. `*`: the table's own.",
    }),
  fetch_size: boundedInt(1, 1_000_000).default(50_000).meta({
    description: 'Rows of a batch at most, on every path: it bounds memory.',
  }),
  split_by: z.string().min(1).optional().meta({
    description:
      'Column whose ranges are read in parallel: an integer, date, timestamp or uuid; NULLs are a range of their own.',
  }),
  workers: boundedInt(1, 256).optional().meta({
    description: 'Connections that read at the same time, at most; without it as many as the run has workers.',
  }),
  timezone: timezoneSchema().default('UTC').meta({
    description: 'IANA zone in which timestamps without a zone are read into a timestamptz.',
  }),
  verify_count: z.boolean().default(false).meta({
    description: 'Let the server count the rows in the same snapshot, and fail where that is not what was read.',
  }),
  max_row_bytes: boundedInt(64, 64 * MIB)
    .default(4 * MIB)
    .meta({ description: 'Most bytes of one row as the server sends it; a larger one ends the run.' }),
  slice_bytes: boundedInt(64, 1024 * MIB)
    .default(16 * MIB)
    .meta({
      description:
        'Bytes of a task, about, where the server tells how large the table is; a task makes one row group or more. What readers hold until their turn to be written grows with it.',
    }),
  incremental: incrementalSchema.optional().meta({ description: 'Read only rows above what was published before.' }),
};

/** Rows from PostgreSQL. */
export const postgresSourceSchema = z
  .strictObject({
    type: z.literal('postgresql').meta({ description: 'Rows from a table or query of PostgreSQL.' }),
    ...tableKeys,
    extraction: z.enum(['auto', 'copy', 'cursor']).default('auto').meta({
      description: '`copy`: COPY in binary; `cursor`: a server-side cursor; `auto`: `copy` wherever no value is bound.',
    }),
  })
  .meta({ title: 'postgresql source' });

/** Rows from MySQL or MariaDB. */
export const mysqlSourceSchema = z
  .strictObject({
    type: z.literal('mysql').meta({ description: 'Rows from a table or query of MySQL or MariaDB.' }),
    ...tableKeys,
    // one connection hands rows to several threads in pieces of it: more of them are under way than of PostgreSQL's
    slice_bytes: tableKeys.slice_bytes
      .unwrap()
      .default(8 * MIB)
      .meta({ description: tableKeys.slice_bytes.description ?? '' }),
    consistency: z.enum(['snapshot', 'locked', 'per_reader']).default('snapshot').meta({
      description:
        '`snapshot`: parallel readers only where the server shows that they see the same, else one; `locked`: the table is locked against writes for the moment in which they begin; `per_reader`: each reader sees the table as of its own beginning.',
    }),
  })
  .meta({ title: 'mysql source' });

export type PostgresSource = z.output<typeof postgresSourceSchema>;
export type MysqlSource = z.output<typeof mysqlSourceSchema>;
export type TableSource = PostgresSource | MysqlSource;
