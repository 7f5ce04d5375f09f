import { openLedger } from '../../../src/registry.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { describeLedger } from './describe-ledger.ts';

describeWithPostgres('conformance', (postgres) => {
  describeLedger('postgres', async () => {
    const database = await makePostgresDatabase(postgres());
    return {
      open: () => openLedger(database.url),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  });
});
