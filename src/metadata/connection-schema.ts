import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';
import { hdfsConnectionSchema } from './hdfs-connection-schema.ts';

const text = (description: string) => z.string().min(1).optional().meta({ description });

const host = z.string().min(1).meta({ description: 'Host name or address of the server.' });

const PORT_ERROR = 'a port from 1 to 65535 is needed';

const port = (standard: number) =>
  z
    .union([boundedInt(1, 65_535), z.string().regex(/^[1-9]\d{0,4}$/, { error: PORT_ERROR })], { error: PORT_ERROR })
    .default(standard)
    .meta({ description: 'Port; also as text, so that it may be interpolated.' });

const user = text('User to sign in as.');
const password = z.string().optional().meta({
  description: 'Password, as `${NAME}` or `${file:/path}`; text is refused, except for a server on this machine.',
});

const urls = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'a URL, or a list of URLs, is needed' })
    .meta({ description });

const database = z.string().min(1).meta({ description: 'Name of the database.' });

const postgresql = z
  .strictObject({
    type: z.literal('postgresql').meta({ description: 'PostgreSQL.' }),
    host,
    port: port(5432),
    database,
    user,
    password,
  })
  .meta({ title: 'postgresql connection' });

const mysql = z
  .strictObject({
    type: z.literal('mysql').meta({ description: 'MySQL or MariaDB.' }),
    host,
    port: port(3306),
    database,
    user,
    password,
  })
  .meta({ title: 'mysql connection' });

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
export const connectionSchema = z.discriminatedUnion('type', [hdfsConnectionSchema, postgresql, mysql, clickhouse]);

/** What a `_connections.json` holds. */
export const connectionsSchema = z.record(z.string(), connectionSchema);

export type Connection = z.output<typeof connectionSchema>;
