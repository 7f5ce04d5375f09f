import { z } from 'zod';
import { clickhouseConnectionSchema } from './clickhouse-connection-schema.ts';
import { mysqlConnectionSchema, postgresConnectionSchema } from './database-connection-schema.ts';
import { hdfsConnectionSchema } from './hdfs-connection-schema.ts';

/** Keys whose values are secrets: refused as literal text, never shown. */
export const SECRET_KEYS: readonly string[] = ['password', 'token'];

/** A server, named once and used by many datasets. */
export const connectionSchema = z.discriminatedUnion('type', [
  hdfsConnectionSchema,
  postgresConnectionSchema,
  mysqlConnectionSchema,
  clickhouseConnectionSchema,
]);

/** What a `_connections.json` holds. */
export const connectionsSchema = z.record(z.string(), connectionSchema);

export type Connection = z.output<typeof connectionSchema>;
