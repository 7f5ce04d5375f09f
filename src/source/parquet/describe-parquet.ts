import type { FileColumn, FileDescription } from '../../flow/file-description.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import type { InputAccess } from '../input.ts';
import { listInputs } from '../list-inputs.ts';
import { readParquetFile } from './file/parquet-file.ts';
import { ParquetInput } from './file/parquet-input.ts';
import { describeKind, exactType } from './schema/column-kind.ts';
import { describeShape, isFlat, type SchemaNode } from './schema/schema-node.ts';

/**
 * The columns of the first file that an absolute path, a glob or an `hdfs://` name stands for, by its footer.
 * Fails with ATLAS_INPUT_*, ATLAS_PARQUET_INVALID, ATLAS_PARQUET_DAMAGED, ATLAS_PARQUET_UNSUPPORTED, ATLAS_HDFS_*.
 */
export async function describeParquet(path: string, root: string, access: InputAccess): Promise<FileDescription> {
  const paths = await listInputs(path, root, access);
  const first = paths[0] as string;
  await using input = await ParquetInput.open(first, null, access);
  const { rows, columns } = await readParquetFile(input, access);
  return { path: first, files: paths.length, rows, bytes: input.bytes, columns: columns.map(describeColumn) };
}

function describeColumn(node: SchemaNode): FileColumn {
  const { name, leaf } = node;
  const nullable = node.repetition !== 'REQUIRED';
  if (node.annotation === 'variant') return { name, type: null, what: describeShape(node), nested: true, nullable };
  // a repeated column without a list around it is an empty list where nothing stands
  if (leaf === null || !isFlat(node)) return { name, type: 'json', what: describeShape(node), nested: true, nullable };
  const exact = exactType(leaf.kind);
  const type = exact === null ? null : nameLogicalType(exact);
  return { name, type, what: describeKind(leaf.kind), nested: false, nullable };
}
