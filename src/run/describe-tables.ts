import type { Abortable } from '../flow/source.ts';
import { type ResolvedTables, type ResolveOptions, resolveTables } from '../plan/table/resolve-tables.ts';
import { describeTable, listTables, type Stores } from '../registry.ts';

/** Asks the databases that datasets name what their tables look like (`resolveTables`). Fails with ATLAS_DB_*, ATLAS_CONNECTION_UNKNOWN. */
export function describeTables(
  { stores, ...options }: Omit<ResolveOptions, 'catalogues'> & { readonly stores: Stores },
  through: Abortable,
): Promise<ResolvedTables> {
  const catalogues = {
    describe: async (name: string, request: Parameters<typeof describeTable>[1], each: Abortable) =>
      describeTable(stores.database(name), request, each),
    list: async (name: string, schema: string | null, each: Abortable) =>
      listTables(stores.database(name), schema, each),
  };
  return resolveTables({ ...options, catalogues }, through);
}
