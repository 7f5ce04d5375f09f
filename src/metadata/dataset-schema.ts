import { z } from 'zod';
import { clickhouseDestinationSchema } from './clickhouse-destination-schema.ts';
import { csvSourceSchema } from './csv-source-schema.ts';
import { jsonlSourceSchema } from './jsonl-source-schema.ts';
import { parquetDestinationSchema } from './parquet-destination-schema.ts';
import { parquetSourceSchema } from './parquet-source-schema.ts';
import { safeName } from './safe-name.ts';
import { mysqlSourceSchema, postgresSourceSchema } from './table-source-schema.ts';

const LIMIT_ERROR = 'a number of rows (100) or a share of the rows ("1%", up to "100%") is needed';

const maxRejectsSchema = z
  .union([z.int().min(0), z.string().regex(/^(100(\.0*)?|\d{1,2}(\.\d+)?)%$/, { error: LIMIT_ERROR })], {
    error: LIMIT_ERROR,
  })
  .meta({
    description: 'Most rejected rows before the dataset fails: rows (100), or a share of the rows read ("1%").',
  });

/** The sources and destinations that exist; what other documents may name is said to be unsupported. */
export const sourceSchema = z.discriminatedUnion('type', [
  csvSourceSchema,
  jsonlSourceSchema,
  parquetSourceSchema,
  postgresSourceSchema,
  mysqlSourceSchema,
]);
export const destinationSchema = z.discriminatedUnion('type', [parquetDestinationSchema, clickhouseDestinationSchema]);

/** One dataset: a source, its features, a destination. */
export const datasetSchema = z
  .strictObject({
    name: safeName().meta({ description: 'Name of the dataset, unique in its group.' }),
    source: sourceSchema,
    destination: destinationSchema,
    on_error: z.enum(['fail', 'reject']).default('fail').meta({
      description:
        '`fail` publishes nothing if a row cannot be taken; `reject` sets such rows aside, up to `max_rejects`.',
    }),
    max_rejects: maxRejectsSchema.optional(),
    rejects: z.string().min(1).optional().meta({
      description:
        'Reject file, local or `hdfs://`, instead of `<state>/rejects/<ocs>/<dataset>/<run>.jsonl`; a name that ends in `/` is a folder for such files. May hold `{{ name }}`.',
    }),
    on_empty: z.enum(['fail', 'skip', 'publish']).default('fail').meta({
      description: 'What to do where the input holds no rows.',
    }),
    on_drift: z.enum(['fail', 'evolve', 'ignore']).default('fail').meta({
      description:
        'What to do where columns differ between the files of a glob, or from those of the last published run: `evolve` adds nullable columns and widens types, nothing else; `ignore` leaves new columns alone and reads missing ones as null where they may be.',
    }),
    needs: z.array(z.string()).default([]).meta({
      description: 'Datasets, earlier in the document, without which this one is skipped.',
    }),
  })
  .meta({ title: 'dataset' });

export type Dataset = z.output<typeof datasetSchema>;
export type Source = z.output<typeof sourceSchema>;
export type Destination = z.output<typeof destinationSchema>;
