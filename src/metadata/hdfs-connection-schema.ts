import { z } from 'zod';
import { boundedInt } from './bounded-int.ts';

const text = (description: string) => z.string().min(1).optional().meta({ description });
const milliseconds = (standard: number, description: string) =>
  boundedInt(1, 86_400_000).default(standard).meta({ description });

const timeouts = z
  .strictObject({
    connect_ms: milliseconds(10_000, 'Until a connection stands, TLS included.'),
    idle_ms: milliseconds(60_000, 'Without a byte either way, while one is waited for.'),
    call_ms: milliseconds(60_000, 'A whole call that carries no file.'),
    wait_ms: milliseconds(
      10_000,
      'The longest pause between two attempts; the first is 200 ms, each next one twice as long.',
    ),
  })
  .meta({ title: 'keys of timeouts' });

const kerberos = z
  .strictObject({
    principal: text(
      'Whose ticket to use or to get (`etl@EXAMPLE.ORG`); without it, the one the cache or keytab names.',
    ),
    keytab: text('File to get tickets with, and new ones in time; without it, the ticket cache is used.'),
    ticket_cache: text(
      'Ticket cache that `kinit` filled, a path or `KEYRING:…`; without it, `KRB5CCNAME` or the default of the system.',
    ),
    service: z
      .string()
      .regex(/^[^@/\s]+(@[^@/\s]+)?$/, { error: 'a service such as HTTP@nn1.example.org is needed, without a realm' })
      .optional()
      .meta({
        description:
          'Service of the NameNodes (`HTTP@_HOST`, `HTTP@gateway.example.org`); without it, `HTTP` on the host of each URL.',
      }),
  })
  .meta({ title: 'keys of kerberos' });

const tls = z
  .strictObject({ ca: text('File of certificates (PEM) to trust besides those of the system.') })
  .meta({ title: 'keys of tls' });

/** HDFS through WebHDFS or HttpFS. */
export const hdfsConnectionSchema = z
  .strictObject({
    type: z.literal('webhdfs').meta({ description: 'HDFS through WebHDFS or HttpFS.' }),
    url: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'a URL, or a list of URLs, is needed' })
      .meta({
        description:
          'NameNode, or all of them (`http://nn1:9870`); with a path where a gateway has one (`https://knox:8443/gateway/lake/webhdfs/v1`).',
      }),
    api: z.enum(['webhdfs', 'httpfs']).default('webhdfs').meta({
      description: '`httpfs`: the server takes and gives the bytes itself, instead of redirecting to DataNodes.',
    }),
    user: text('User to act as (`user.name`), where nothing stronger is asked for.'),
    token: z.string().optional().meta({ description: 'Delegation token, as `${NAME}` or `${file:/path}`.' }),
    kerberos: kerberos.optional().meta({ description: 'Sign in by Kerberos (SPNEGO); `{}` takes the ticket cache.' }),
    tls: tls.optional().meta({ description: 'How https servers are known.' }),
    redirect_hosts: z.array(z.string().min(1)).optional().meta({
      description:
        "Hosts that redirects may lead to (`dn1.example.org`, `*.example.org`); without it, those of the NameNodes' own domains.",
    }),
    timeouts: timeouts.default({ connect_ms: 10_000, idle_ms: 60_000, call_ms: 60_000, wait_ms: 10_000 }).meta({
      description: 'How long to wait, in milliseconds.',
    }),
    attempts: boundedInt(1, 100).default(10).meta({
      description:
        'Attempts of a call that may safely be repeated; each asks every NameNode. The pauses between ten of them take 21 to 43 seconds; a call ends after `attempts` × (NameNodes × `call_ms` + `wait_ms`) at the latest.',
    }),
    permission: z
      .string()
      .regex(/^[0-7]{3,4}$/, { error: 'an octal number such as 640 is needed' })
      .optional()
      .meta({ description: "Permission of new files (`640`); without it, what the cluster's umask leaves." }),
    replication: boundedInt(1, 512)
      .optional()
      .meta({ description: "Copies of each block; without it, the cluster's." }),
    block_size: boundedInt(4096, Number.MAX_SAFE_INTEGER)
      .optional()
      .meta({ description: "Bytes of a block, a multiple of 512; without it, the cluster's." }),
  })
  .meta({ title: 'webhdfs connection' });

export type HdfsConnectionDeclared = z.output<typeof hdfsConnectionSchema>;
