import { randomBytes } from 'node:crypto';
import { askClickhouse, askForRows, type ClickhouseAddress } from './ask-clickhouse.ts';

/** A database that is dropped when it is disposed. */
export interface ClickhouseDatabase extends AsyncDisposable {
  readonly name: string;
  /** Rows of a query in it, as objects; 64-bit integers are text. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
}

/** Makes an empty database, `ENGINE = Atomic`, that nobody else uses. */
export async function makeClickhouseDatabase(
  clickhouse: ClickhouseAddress,
  name = `atlas_${randomBytes(6).toString('hex')}`,
): Promise<ClickhouseDatabase> {
  const quoted = `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
  await askClickhouse(clickhouse, `CREATE DATABASE ${quoted} ENGINE = Atomic`);
  const address = { ...clickhouse, database: name };
  return {
    name,
    query: (sql) => askForRows(address, sql),
    [Symbol.asyncDispose]: async () => {
      await askClickhouse(clickhouse, `DROP DATABASE ${quoted} SYNC`);
    },
  };
}
