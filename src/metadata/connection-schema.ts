import { z } from 'zod';
import { mysqlConnectionSchema, postgresConnectionSchema } from './database-connection-schema.ts';
import { hdfsConnectionSchema } from './hdfs-connection-schema.ts';

const text = (description: string) => z.string().min(1).optional().meta({ description });

const user = text('User to sign in as.');
const password = z.string().optional().meta({
  description: 'Password, as `${NAME}` or `${file:/path}`; text is refused, except for a server on this machine.',
});

const urls = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'a URL, or a list of URLs, is needed' })
    .meta({ description });

const clickhouse = z
  .strictObject({
    type: z.literal('clickhouse').meta({ description: 'ClickHouse through HTTP.' }),
    url: urls('Address of the server (`https://ch1:8443`).'),
    database: z.string().min(1).default('default').meta({ description: 'Name of the database.' }),
    user,
    password,
  })
  .meta({ title: 'clickhouse connection' });

/** Keys whose values are secrets: refused as literal text, never shown. */
export const SECRET_KEYS: readonly string[] = ['password', 'token'];

/** A server, named once and used by many datasets. */
export const connectionSchema = z.discriminatedUnion('type', [
  hdfsConnectionSchema,
  postgresConnectionSchema,
  mysqlConnectionSchema,
  clickhouse,
]);

/** What a `_connections.json` holds. */
export const connectionsSchema = z.record(z.string(), connectionSchema);

export type Connection = z.output<typeof connectionSchema>;
