import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';

const text = (description: string) => z.string().min(1).optional().meta({ description });

const PORT_ERROR = 'a port from 1 to 65535 is needed';

const port = (standard: number) =>
  z
    .union([boundedInt(1, 65_535), z.string().regex(/^[1-9]\d{0,4}$/, { error: PORT_ERROR })], { error: PORT_ERROR })
    .default(standard)
    .meta({ description: 'Port; also as text, so that it may be interpolated.' });

const host = z
  .string()
  .min(1)
  .meta({ description: 'Host name or address of the server, or the folder of its socket.' });
const database = z.string().min(1).meta({ description: 'Name of the database.' });
const password = z.string().optional().meta({
  description: 'Password, as `${NAME}` or `${file:/path}`; text is refused, except for a server on this machine.',
});

const milliseconds = (standard: number, description: string) =>
  boundedInt(1, 86_400_000).default(standard).meta({ description });

const timeouts = z
  .strictObject({
    connect_ms: milliseconds(10_000, 'Until the server has let us in, TLS included.'),
    statement_ms: milliseconds(600_000, 'A statement that is no read of rows (catalogue, bounds, counts).'),
    idle_ms: milliseconds(300_000, 'Without a byte from the server, while rows are waited for.'),
  })
  .meta({ title: 'keys of timeouts' });

const TIMEOUTS = { connect_ms: 10_000, statement_ms: 600_000, idle_ms: 300_000 };

const tls = z
  .strictObject({
    ca: text('File of certificates (PEM) to trust instead of those of the system.'),
    cert: text("File of the client's certificate (PEM)."),
    key: text("File of the client certificate's key (PEM)."),
    server_name: text("Name that the server's certificate must hold, where it is not `host`."),
  })
  .meta({ title: 'keys of tls' });

const secured = {
  tls: z
    .union([z.literal(false), tls], { error: 'an object, or false for a server on this machine, is needed' })
    .optional()
    .meta({
      description:
        'How the server is known. TLS is used and verified by default; a server on this machine (loopback or socket) is spoken to in plain, unless this is set.',
    }),
  dangerously_allow_plaintext: z.boolean().default(false).meta({
    description:
      'Speak to a server on another machine without TLS: passwords and rows can be read and changed on the way.',
  }),
  timeouts: timeouts.default(TIMEOUTS).meta({ description: 'How long to wait, in milliseconds.' }),
  attempts: boundedInt(1, 100).default(5).meta({
    description: 'Attempts to connect, and to begin a read of which nothing has been staged yet.',
  }),
};

/** PostgreSQL. */
export const postgresConnectionSchema = z
  .strictObject({
    type: z.literal('postgresql').meta({ description: 'PostgreSQL.' }),
    host,
    port: port(5432),
    database,
    user: text('User to sign in as; without it `PGUSER`.'),
    password: password.meta({
      description:
        'Password, as `${NAME}` or `${file:/path}`; text is refused, except for a server on this machine. Without it `PGPASSWORD`, then `.pgpass` (`PGPASSFILE`).',
    }),
    ...secured,
  })
  .meta({ title: 'postgresql connection' });

/** MySQL and MariaDB. */
export const mysqlConnectionSchema = z
  .strictObject({
    type: z.literal('mysql').meta({ description: 'MySQL or MariaDB.' }),
    host,
    port: port(3306),
    database,
    user: text('User to sign in as.'),
    password,
    ...secured,
  })
  .meta({ title: 'mysql connection' });

export type PostgresConnectionDeclared = z.output<typeof postgresConnectionSchema>;
export type MysqlConnectionDeclared = z.output<typeof mysqlConnectionSchema>;
