import { AtlasError } from '../../errors.ts';
import { concatenate } from './concatenate.ts';
import { type ThriftList, ThriftReader } from './thrift-reader.ts';
import { THRIFT, ThriftWriter } from './thrift-writer.ts';

/** A footer of this writer's, in the pieces that splicing needs. */
export interface FooterPieces {
  readonly rows: number;
  readonly rowGroups: number;
  /** `version` and `schema`, with their headers: what a footer begins with. */
  readonly schema: Uint8Array;
  /** The elements of `row_groups`, one after the other. */
  readonly groups: Uint8Array;
  /** `key_value_metadata` to the end. */
  readonly rest: Uint8Array;
  readonly columnOrders: Uint8Array;
}

/** `version`, `schema`, `num_rows`, `row_groups`, `key_value_metadata`, `created_by`, `column_orders` (parquet.thrift). */
const FIELDS = '1,2,3,4,5,6,7';

/**
 * Takes a `FileMetaData` of this writer's apart. Fails with ATLAS_PARQUET_INVALID where it is none: another writer's footer may hold
 * what cannot be carried over.
 */
export function readFooter(footer: Uint8Array): FooterPieces {
  try {
    return takeApart(footer);
  } catch (cause) {
    if (cause instanceof AtlasError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AtlasError('ATLAS_PARQUET_INVALID', `the footer of ${footer.length} bytes cannot be read: ${reason}`, {
      cause,
    });
  }
}

function takeApart(footer: Uint8Array): FooterPieces {
  const reader = new ThriftReader(footer);
  const { fields, end } = reader.struct(0);
  const found = fields.map(({ id }) => id).join();
  if (found !== FIELDS) throw new Error(`it has the fields ${found}, those of atlas-ingest are ${FIELDS}`);
  if (end !== footer.length) throw new Error(`it ends at byte ${end}`);
  const [, schema, rowCount, groupList, keyValues, createdBy, orders] = fields as Required<typeof fields>;
  if (!schema || !rowCount || !groupList || !keyValues || !createdBy || !orders) throw new Error('a field is missing');
  const writer = new TextDecoder().decode(reader.binary(createdBy));
  if (!/^atlas-ingest version \S+$/.test(writer)) throw new Error(`it was written by ${JSON.stringify(writer)}`);
  const groups = reader.list(groupList);
  const rows = reader.integer(rowCount);
  const counted = groups.size === 0 ? 0 : countRows(reader, groups);
  if (counted !== rows) throw new Error(`it counts ${rows} rows, its row groups ${counted}`);
  return {
    rows,
    rowGroups: groups.size,
    schema: footer.subarray(0, schema.end),
    groups: footer.subarray(groups.start, groups.end),
    rest: footer.subarray(keyValues.start),
    columnOrders: footer.subarray(orders.value, orders.end),
  };
}

/** The sum of `RowGroup.num_rows`. */
function countRows(reader: ThriftReader, groups: ThriftList): number {
  if (groups.element !== THRIFT.struct) throw new Error(`its row groups are of type ${groups.element}`);
  let rows = 0;
  let at = groups.start;
  for (let index = 0; index < groups.size; index += 1) {
    const { fields, end } = reader.struct(at);
    const count = fields.find(({ id }) => id === 3);
    if (!count) throw new Error(`row group ${index} does not say how many rows it has`);
    rows += reader.integer(count);
    at = end;
  }
  if (at !== groups.end) throw new Error(`its row groups end at byte ${at}, the list at ${groups.end}`);
  return rows;
}

/**
 * The footer of a file that goes on: what `before` says, with the row groups of `added` behind its own, byte by byte as both wrote
 * them (offsets count from the start of the file, and stay true), and the rows of both. Everything else is `before`'s.
 * Fails with ATLAS_REPLAY_TARGET where columns differ, with ATLAS_PARQUET_INVALID where one is no footer of this writer's.
 */
export function spliceFooter(before: Uint8Array, added: Uint8Array): Uint8Array<ArrayBuffer> {
  const [old, more] = [readFooter(before), readFooter(added)];
  if (!same(old.schema, more.schema) || !same(old.columnOrders, more.columnOrders)) {
    throw new AtlasError(
      'ATLAS_REPLAY_TARGET',
      `the columns of the file are not those of the plan (${old.schema.length} and ${more.schema.length} bytes of schema differ)`,
    );
  }
  const counts = new ThriftWriter(32, 2);
  counts.i64(3, old.rows + more.rows);
  counts.list(4, THRIFT.struct, old.rowGroups + more.rowGroups);
  return concatenate([old.schema, counts.finish(), old.groups, more.groups, old.rest]);
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
