import { z } from 'zod';
import { connectionsSchema } from './connection-schema.ts';
import { datasetSchema } from './dataset-schema.ts';
import { defaultsSchema } from './defaults-schema.ts';
import { safeName } from './safe-name.ts';

/** A whole document: a named set of datasets. `defaults` are merged before; it stays for what they say of themselves. */
export const groupSchema = z
  .strictObject({
    $schema: z.string().optional().meta({ description: 'JSON Schema for editors (`./schema/group.schema.json`).' }),
    version: z.literal(1).default(1).meta({ description: 'Version of the metadata format.' }),
    ocs: safeName().optional().meta({
      description: 'Name of the ocs group: the name of the file, which is also what it is without this key.',
    }),
    connections: connectionsSchema
      .default({})
      .meta({ description: 'Servers by name, over those of `_connections.json`.' }),
    defaults: defaultsSchema.optional(),
    dataset_config: z.array(datasetSchema).min(1).meta({ description: 'The datasets, in the order they run.' }),
  })
  .meta({ title: 'ocs group' });

/** A group as loaded: every default filled in, connections and `defaults` merged. Run variables still stand in it. */
export type Group = z.output<typeof groupSchema> & { readonly ocs: string };
