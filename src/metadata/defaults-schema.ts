import { z } from 'zod';
import { csvSourceSchema } from './csv-source-schema.ts';
import { datasetSchema } from './dataset-schema.ts';
import { jsonlSourceSchema } from './jsonl-source-schema.ts';
import { parquetDestinationSchema } from './parquet-destination-schema.ts';
import { parquetSourceSchema } from './parquet-source-schema.ts';
import { mysqlSourceSchema, postgresSourceSchema } from './table-source-schema.ts';

/** Keys of any source: each dataset takes those that a source of its type has. */
const sourceDefaults = z.strictObject({
  ...mysqlSourceSchema.partial().shape,
  ...postgresSourceSchema.partial().shape,
  ...parquetSourceSchema.partial().shape,
  ...jsonlSourceSchema.partial().shape,
  ...csvSourceSchema.partial().shape,
  max_page_bytes: parquetSourceSchema.shape.max_page_bytes.optional(),
  features: mysqlSourceSchema.shape.features.optional(),
  type: z
    .enum(['csv', 'jsonl', 'parquet', 'postgresql', 'mysql'])
    .optional()
    .meta({ description: 'Where rows come from.' }),
});

/** Keys that every dataset of the group inherits, deep-merged under its own: all but `name` and `needs`, none required. */
export const defaultsSchema = z
  .strictObject({
    ...datasetSchema.omit({ name: true, needs: true }).partial().shape,
    source: sourceDefaults.optional(),
    destination: parquetDestinationSchema.partial().optional(),
  })
  .meta({ title: 'defaults', description: 'Keys that every dataset inherits, merged deeply under its own.' });
