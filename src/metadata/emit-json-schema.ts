import { z } from 'zod';
import { connectionSchema } from './connection-schema.ts';
import { csvSourceSchema } from './csv-source-schema.ts';
import { datasetSchema } from './dataset-schema.ts';
import { groupSchema } from './group-schema.ts';
import { jsonlSourceSchema } from './jsonl-source-schema.ts';
import { parquetDestinationSchema } from './parquet-destination-schema.ts';
import { parquetSourceSchema } from './parquet-source-schema.ts';

/** A JSON Schema (draft 2020-12), as far as it is looked into here. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The JSON Schema of what a schema takes in. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // The bounds of safe integers are zod's affair, not the document's.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  }) as JsonSchema;
}

/**
 * The JSON Schema of a group document as people write it, for editors. It is looser than the validation where a key may come
 * from elsewhere: those of a dataset from `defaults`, those of a connection from `_connections.json`, and the value of any
 * text from the environment.
 */
export function emitJsonSchema(): JsonSchema {
  const dataset = z.strictObject({
    ...datasetSchema.partial().shape,
    name: datasetSchema.shape.name,
    source: z.union([csvSourceSchema.partial(), jsonlSourceSchema.partial(), parquetSourceSchema.partial()]).optional(),
    destination: parquetDestinationSchema.partial().optional(),
  });
  const connection = z.union(connectionSchema.options.map((option) => option.partial()));
  const described = (key: 'connections' | 'dataset_config') => ({
    description: groupSchema.shape[key].description ?? '',
  });
  const document = groupSchema
    .extend({
      connections: z.record(z.string(), connection).default({}).meta(described('connections')),
      dataset_config: z
        .array(dataset.meta({ title: 'dataset' }))
        .min(1)
        .meta(described('dataset_config')),
    })
    .meta({ title: 'ocs group', description: 'Metadata of one ocs group of atlas-ingest.' });
  return allowReferences(jsonSchemaOf(document)) as JsonSchema;
}

/** Lets a text that is bound to a pattern or a few words also be one with a `${…}` in it. */
function allowReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, allowReferences(value)]));
  const { pattern, enum: words, ...rest } = copy;
  if (copy['type'] !== 'string' || (pattern === undefined && words === undefined)) return copy;
  return { ...rest, anyOf: [pattern === undefined ? { enum: words } : { pattern }, { pattern: '\\$\\{' }] };
}
