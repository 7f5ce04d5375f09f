import type { ClickhouseServer } from '../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { askClickhouse, askForRows, type ClickhouseAddress } from '../../services/clickhouse/ask-clickhouse.ts';

/** Statements to the tests' own server, without any client: for what only asks and makes tables. It takes no rows. */
export function askedServer(address: ClickhouseAddress, database: string): ClickhouseServer {
  const at = { ...address, database };
  const fields = (params: Readonly<Record<string, string | number>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(params).map(([name, value]) => [`param_${name}`, escaped(String(value))]));
  return {
    name: `${new URL(address.url).host}/${database}`,
    embedded: false,
    database,
    query: ({ sql, params }) => askForRows(at, sql, fields(params)),
    command: async ({ sql, params }) => {
      await askClickhouse(at, sql, fields(params));
    },
    insert: () => Promise.reject(new Error('this one takes no rows')),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Parameters are read as they stand in TSV. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
}
