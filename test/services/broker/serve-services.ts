import type { TestProject } from 'vitest/node';
import { startClickhouse } from '../clickhouse/start-clickhouse.ts';
import { type Hadoop, startHadoop } from '../hadoop/start-hadoop.ts';
import { startHttpFs } from '../httpfs/start-http-fs.ts';
import { startSecureHadoop } from '../kerberos/start-secure-hadoop.ts';
import { startMariadb } from '../mariadb/start-mariadb.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { ServiceBroker } from './service-broker.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the broker of services that test files share. */
    readonly serviceBroker: string;
  }
}

let broker: ServiceBroker | null = null;

/** Once for a run of the tests, before the first file: nothing is started until a file asks. */
export async function setup(project: TestProject): Promise<void> {
  broker = await ServiceBroker.open({
    hadoop: () => startHadoop(),
    secure: () => startSecureHadoop(),
    postgres: () => startPostgres(),
    mariadb: () => startMariadb(),
    clickhouse: () => startClickhouse(),
    httpfs: async (ask) => {
      const running = process.env['ATLAS_HADOOP'];
      return startHttpFs(running === undefined ? ((await ask('hadoop')) as Hadoop) : JSON.parse(running));
    },
  });
  project.provide('serviceBroker', broker.url);
}

/** After the last file. */
export async function teardown(): Promise<void> {
  await broker?.[Symbol.asyncDispose]();
}
