import { openLedger } from '../../../src/registry.ts';
import { describeWithPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { describeLedger } from './describe-ledger.ts';
import { describeWatermarks } from './describe-watermarks.ts';

describeWithPostgres('conformance', (postgres) => {
  const bed = async () => {
    const database = await makePostgresDatabase(postgres());
    return {
      open: () => openLedger(database.url),
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    };
  };
  describeLedger('postgres', bed);
  describeWatermarks('postgres', bed);
});
