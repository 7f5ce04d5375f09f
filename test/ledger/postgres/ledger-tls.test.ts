import { expect, it } from 'vitest';
import { openLedger } from '../../../src/registry.ts';
import { runRecord } from '../../conformance/ledger/describe-ledger.ts';
import { describeWithOwnPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';

const ACCESS = [
  'hostssl atlas_cert all 127.0.0.1/32 cert',
  'hostssl all all 127.0.0.1/32 scram-sha-256',
  'local all all scram-sha-256',
];

describeWithOwnPostgres('a PostgreSQL ledger over TLS', { tls: true, access: ACCESS }, (postgres) => {
  const reach = (database: PostgresDatabase, options: Readonly<Record<string, string>>, host = 'localhost') => {
    const url = new URL(database.url);
    url.hostname = host;
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value);
    return url.href;
  };
  const isOpen = async (url: string): Promise<void> => {
    await using ledger = await openLedger(url);
    await ledger.beginRun(runRecord('r1'));
  };

  it('trusts the authority it is given, and the name it asked for', async () => {
    await using database = await makePostgresDatabase(postgres());
    const sslrootcert = postgres().tls?.caFile as string;
    await isOpen(reach(database, { sslmode: 'verify-full', sslrootcert }));
    await isOpen(reach(database, { sslmode: 'verify-ca', sslrootcert }, '127.0.0.1'));
    await isOpen(reach(database, { sslmode: 'require' }));
    const others: readonly (readonly [string, RegExp])[] = [
      [reach(database, { sslmode: 'verify-full' }), /(self-signed|unable to (get|verify))/],
      [reach(database, { sslmode: 'verify-ca' }), /(self-signed|unable to (get|verify))/],
      [reach(database, { sslmode: 'verify-full', sslrootcert }, '127.0.0.1'), /127\.0\.0\.1/],
      [
        reach(database, { sslmode: 'require', sslrootcert: postgres().tls?.clientCertFile as string }),
        /(self-signed|unable to|issuer)/,
      ],
      [
        reach(database, { sslmode: 'verify-full', sslrootcert: '/nowhere/ca.pem' }),
        /sslrootcert of the ledger is \/nowhere\/ca\.pem, which cannot be read \(ENOENT\)/,
      ],
    ];
    for (const [url, message] of others) {
      await expect(openLedger(url), url).rejects.toMatchObject({
        code: 'ATLAS_LEDGER_TLS',
        message: expect.stringMatching(message),
      });
    }
    await expect(openLedger(reach(database, {}))).rejects.toMatchObject({
      code: 'ATLAS_LEDGER_AUTH',
      message: expect.stringMatching(/no pg_hba\.conf entry for host .* no encryption/),
    });
  });

  it('signs in by certificate', async () => {
    await using database = await makePostgresDatabase(postgres());
    await database.query('CREATE DATABASE atlas_cert');
    const tls = postgres().tls;
    if (tls === null) throw new Error('no certificates');
    const url = reach(database, { sslmode: 'verify-full', sslrootcert: tls.caFile })
      .replace(`/${database.name}`, '/atlas_cert')
      .replace(/:[^:@]*@/, '@');
    await expect(openLedger(url)).rejects.toMatchObject({ code: 'ATLAS_LEDGER_AUTH' });
    const certified = new URLSearchParams({ sslcert: tls.clientCertFile, sslkey: tls.clientKeyFile });
    await isOpen(`${url}&${certified}`);
  });
});
