import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';

const text = (description: string) => z.string().min(1).optional().meta({ description });
const milliseconds = (standard: number, description: string) =>
  boundedInt(1, 86_400_000).default(standard).meta({ description });

const timeouts = z
  .strictObject({
    connect_ms: milliseconds(10_000, 'Until a connection stands, TLS included.'),
    statement_ms: milliseconds(600_000, 'A statement, or one block of rows, until the server says that it is done.'),
    idle_ms: milliseconds(300_000, 'Without a byte either way, while one is waited for.'),
  })
  .meta({ title: 'keys of timeouts' });

const tls = z
  .strictObject({
    ca: text('File of certificates (PEM) to trust instead of those of the system.'),
    cert: text("File of the client's certificate (PEM)."),
    key: text("File of the client certificate's key (PEM)."),
  })
  .meta({ title: 'keys of tls' });

/** ClickHouse: a server through HTTP, or the engine embedded in this program. */
export const clickhouseConnectionSchema = z
  .strictObject({
    type: z.literal('clickhouse').meta({ description: 'ClickHouse: a server through HTTP, or the embedded engine.' }),
    url: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'a URL, or a list of URLs, is needed' })
      .optional()
      .meta({
        description:
          'Address of the server (`https://ch1:8443`), or several of the same; or `chdb:<folder>`, the embedded engine with its data there (relative to the folder that holds metadata/). Without it `CLICKHOUSE_URL`, or `CLICKHOUSE_HOST` and `CLICKHOUSE_PORT` (8443 and 443 are https).',
      }),
    database: text(
      'Name of the database. Without it `CLICKHOUSE_DATABASE`, then `default`; of the embedded engine `atlas`.',
    ),
    user: text('User to sign in as. Without it `CLICKHOUSE_USER`, then `default`.'),
    password: z.string().optional().meta({
      description:
        'Password, as `${NAME}` or `${file:/path}`; text is refused, except for a server on this machine. Without it `CLICKHOUSE_PASSWORD`.',
    }),
    tls: tls.optional().meta({ description: 'How https servers are known.' }),
    dangerously_allow_plaintext: z.boolean().default(false).meta({
      description: 'Speak http to a server on another machine: passwords and rows can be read and changed on the way.',
    }),
    writer: z.enum(['shared', 'exclusive']).default('shared').meta({
      description:
        '`exclusive`: nobody but this program writes to the tables that it loads; `append` is then atomic over all partitions. The embedded engine always is.',
    }),
    compression: z.enum(['auto', 'none', 'lz4', 'zstd']).default('auto').meta({
      description: 'Of rows on the way to the server; `auto`: lz4, and none to this machine or the embedded engine.',
    }),
    timeouts: timeouts.default({ connect_ms: 10_000, statement_ms: 600_000, idle_ms: 300_000 }).meta({
      description: 'How long to wait, in milliseconds.',
    }),
    attempts: boundedInt(1, 100).default(5).meta({
      description: 'Attempts to connect, and of statements that only read. No other is ever repeated unseen.',
    }),
  })
  .meta({ title: 'clickhouse connection' });

export type ClickhouseConnectionDeclared = z.output<typeof clickhouseConnectionSchema>;
