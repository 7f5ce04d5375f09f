import type { FeaturePlan, ParquetSourcePlan, ValueRange } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../../metadata/logical-type.ts';
import { type Binding, takenLeaves } from '../bind-features.ts';
import type { Chunk, ParquetFile } from '../file/parquet-file.ts';
import { exactType } from '../schema/column-kind.ts';
import { isFlat, type Leaf, type SchemaNode } from '../schema/schema-node.ts';
import { CODEC_NUMBERS, ENCODING_NUMBERS } from './format-numbers.ts';

/**
 * Why the row groups of a file cannot be handed on as they are, in words for people; null where they can: each feature is a column of exactly
 * its type, and what must be known of all values without reading one stands in the footer.
 */
export function whyNotPassed(
  { groups }: ParquetFile,
  bindings: readonly Binding[],
  { features, pass }: ParquetSourcePlan,
): string | null {
  if (pass === undefined) return 'its rows are read';
  const taken = takenLeaves(bindings);
  for (const { rows, chunks } of groups) {
    if (rows > pass.rows) return `it has a row group of ${rows} rows, a block has ${pass.rows}`;
    const bytes = chunks.reduce((sum, { leaf, decompressed }) => sum + (taken.has(leaf.index) ? decompressed : 0), 0);
    if (bytes > pass.bytes) return `it has a row group of ${bytes} bytes, a block has ${pass.bytes}`;
  }
  for (const [index, feature] of features.entries()) {
    const binding = bindings[index];
    const why =
      binding === null || binding === undefined || binding === 'missing'
        ? 'is no column of it'
        : whyNotColumn(feature, binding.node, (leaf) => groups.map(({ chunks }) => chunks[leaf.index] as Chunk));
    if (why !== null) return `${feature.name} ${why}`;
  }
  return null;
}

function whyNotColumn(
  { type, nullable, range }: FeaturePlan,
  node: SchemaNode,
  chunksOf: (leaf: Leaf) => readonly Chunk[],
): string | null {
  const { leaf } = node;
  const exact = leaf === null || !isFlat(node) ? null : exactType(leaf.kind);
  if (leaf === null || exact === null || nameLogicalType(exact) !== nameLogicalType(type)) return 'is of another type';
  if (!isStoredSo(leaf, type)) return `is stored as ${leaf.physical}`;
  const chunks = chunksOf(leaf);
  for (const chunk of chunks) {
    if (chunk.encrypted) return 'is encrypted';
    if (!CODEC_NUMBERS.has(chunk.codec)) return `is compressed with ${chunk.codec}`;
    const encoding = chunk.encodings.find((each) => !ENCODING_NUMBERS.has(each));
    if (encoding !== undefined) return `is encoded as ${encoding}`;
    if (!nullable && node.repetition === 'OPTIONAL' && chunk.nulls !== 0)
      return 'may be null, as far as the footer says';
    if (!isProven(chunk, type, range)) return 'may be out of range, as far as the footer says';
  }
  return null;
}

/** Values of some types are stored in several ways, which readers do not all take alike. */
function isStoredSo({ physical, kind }: Leaf, type: LogicalType): boolean {
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return physical !== 'BYTE_ARRAY';
    case 'float':
      return physical === (type.bits === 32 ? 'FLOAT' : 'DOUBLE');
    case 'string':
    case 'binary':
      return physical === 'BYTE_ARRAY';
    case 'timestamp':
      return physical === 'INT64' && kind.kind === 'timestamp' && kind.zoned !== null;
    case 'boolean':
    case 'date':
    case 'uuid':
      return true;
    case 'json':
    case 'time':
      return false;
  }
}

/** Whether the footer says that no value is beyond what its type, or the destination, holds of it. */
function isProven({ bounds, values, nulls }: Chunk, type: LogicalType, range: ValueRange | undefined): boolean {
  if (nulls === values) return true;
  const { least, greatest } = bounds;
  if (type.kind === 'decimal') {
    // bounds of decimals come as floats: what is that near to the end is read
    const most = 10 ** (type.precision - type.scale) * (1 - 1e-9);
    return typeof least === 'number' && typeof greatest === 'number' && least >= -most && greatest <= most;
  }
  const within = range ?? rangeOf(type);
  if (within === null) return true;
  const [low, high] = [wholeNumber(least), wholeNumber(greatest)];
  return low !== null && high !== null && low >= BigInt(within.least) && high <= BigInt(within.greatest);
}

/** Of types that the stored values may exceed; null of all others. */
function rangeOf(type: LogicalType): ValueRange | null {
  if (type.kind !== 'int' || type.bits > 16) return null;
  const least = type.signed ? -(2 ** (type.bits - 1)) : 0;
  return { least: String(least), greatest: String(least + 2 ** type.bits - 1) };
}

function wholeNumber(value: unknown): bigint | null {
  const text = String(value);
  return /^-?\d+$/.test(text) ? BigInt(text) : null;
}
