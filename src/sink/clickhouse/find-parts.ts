import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/** A part of a table that holds rows. */
export interface Part {
  readonly name: string;
  /** Id of its partition. */
  readonly partition: string;
  readonly rows: number;
  /** On disk. */
  readonly bytes: number;
  /** Of the content of its files: it goes with the part where that is moved or attached elsewhere. */
  readonly hash: string;
  /** It is what one INSERT made: never merged, never changed by a mutation. */
  readonly pristine: boolean;
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /** false: it was merged into another, and is kept for a while. */
  readonly active: boolean;
  /** Some of its rows are deleted, and go with the next merge. */
  readonly masked: boolean;
}

const PARTS = `SELECT name, partition_id, rows, bytes_on_disk, hash_of_all_files, level, min_block_number, max_block_number,
  data_version, active, has_lightweight_delete AS masked
FROM system.parts WHERE database = {database:String} AND table = {table:String} AND rows > 0 AND (active OR {all:UInt8})
ORDER BY partition_id, min_block_number, name`;

/** The parts of a table that hold rows, in order; with `all` also those that were merged into others and are still there. */
export async function findParts(
  place: TablePlace,
  table: string,
  waiting: Waiting,
  { all = false }: { readonly all?: boolean } = {},
): Promise<readonly Part[]> {
  const rows = await place.query(PARTS, waiting, { table, all: all ? 1 : 0 });
  return rows.map((row) => {
    const firstBlock = BigInt(String(row['min_block_number']));
    return {
      name: String(row['name']),
      partition: String(row['partition_id']),
      rows: Number(row['rows']),
      bytes: Number(row['bytes_on_disk']),
      hash: String(row['hash_of_all_files']),
      pristine: Number(row['level']) === 0 && BigInt(String(row['data_version'])) === firstBlock,
      firstBlock,
      lastBlock: BigInt(String(row['max_block_number'])),
      active: Number(row['active']) === 1,
      masked: Number(row['masked']) === 1,
    };
  });
}

/** Rows of some parts. */
export function rowsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** Parts by the id of their partition, in order. */
export function byPartition(parts: readonly Part[]): ReadonlyMap<string, readonly Part[]> {
  const found = new Map<string, Part[]>();
  for (const part of parts) found.set(part.partition, [...(found.get(part.partition) ?? []), part]);
  return found;
}
