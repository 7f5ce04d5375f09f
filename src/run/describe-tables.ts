import type { Abortable } from '../flow/source.ts';
import { type ResolvedTables, type ResolveOptions, resolveTables } from '../plan/table/resolve-tables.ts';
import { describeFile, describeTable, listTables, type Stores } from '../registry.ts';

/**
 * Asks the databases that datasets name what their tables look like, and files whose own columns are taken (`resolveTables`).
 * Fails with ATLAS_DB_*, ATLAS_INPUT_*, ATLAS_PARQUET_*, ATLAS_CONNECTION_UNKNOWN.
 */
export function describeTables(
  { stores, ...options }: Omit<ResolveOptions, 'catalogues'> & { readonly stores: Stores },
  through: Abortable,
): Promise<ResolvedTables> {
  const catalogues = {
    describe: async (name: string, request: Parameters<typeof describeTable>[1], each: Abortable) =>
      describeTable(stores.database(name), request, each),
    file: (path: string, root: string, each: Abortable) => describeFile(path, root, { ...each, stores }),
    list: async (name: string, schema: string | null, each: Abortable) =>
      listTables(stores.database(name), schema, each),
  };
  return resolveTables({ ...options, catalogues }, through);
}
