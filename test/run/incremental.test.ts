import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { describeIncremental } from './describe-incremental.ts';

describeWithPostgres('incremental datasets of PostgreSQL', (postgres) => {
  describeIncremental(() => makePostgresDatabase(postgres()));
});

describeWithMariadb('incremental datasets of MariaDB', (mariadb) => {
  describeIncremental(() => makeMariadbDatabase(mariadb()));
});
