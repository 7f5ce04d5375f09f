import { z } from 'zod';
import { csvSourceSchema } from './csv-source-schema.ts';
import { datasetSchema } from './dataset-schema.ts';
import { parquetDestinationSchema } from './parquet-destination-schema.ts';

/** Keys that every dataset of the group inherits, deep-merged under its own: all but `name` and `needs`, none required. */
export const defaultsSchema = z
  .strictObject({
    ...datasetSchema.omit({ name: true, needs: true }).partial().shape,
    source: csvSourceSchema.partial().optional(),
    destination: parquetDestinationSchema.partial().optional(),
  })
  .meta({ title: 'defaults', description: 'Keys that every dataset inherits, merged deeply under its own.' });
