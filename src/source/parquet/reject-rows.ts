import { isUtf8 } from 'node:buffer';
import type { ParquetSourcePlan } from '../../flow/dataset-plan.ts';
import type { Reject } from '../../flow/reject.ts';
import type { Binding } from './bind-features.ts';
import type { FeatureSource, MadeBatch } from './column/batch-maker.ts';
import type { StagedColumn } from './column/column-queue.ts';
import { spanReader } from './column/read-number.ts';
import { jsonValue, NoJson } from './nested/json-value.ts';
import type { SchemaNode } from './schema/schema-node.ts';

/** Characters of a row that are kept, about. */
const KEPT = 65_536;

export interface RejectPlace {
  /** What rejects call the file. */
  readonly file: string;
  /** Number of the first row of the batch in its file, from 0. */
  readonly row: number;
  /** Offset of the row group. */
  readonly offset: number;
}

/** The rows that a batch left out, each as JSON: the columns that features take, by their names in the file, as they stand there. */
export function rejectRows(
  { bad }: MadeBatch,
  sources: readonly FeatureSource[],
  bindings: readonly Binding[],
  { features }: ParquetSourcePlan,
  { file, row: first, offset }: RejectPlace,
): readonly Reject[] {
  if (bad.count === 0) return [];
  const writers = rowWriters(sources, bindings);
  return bad.inOrder().map(([row, { feature, reason }]) => {
    const text = rowText(writers, row);
    const truncated = text.length > KEPT;
    return {
      file,
      line: first + row,
      offset,
      length: 0,
      column: feature === null ? null : (features[feature]?.from ?? null),
      ...reason,
      raw: truncated ? wholeText(text.slice(0, KEPT)) : text,
      rawBase64: null,
      truncated,
    };
  });
}

type CellWriter = (row: number) => string;

function rowWriters(sources: readonly FeatureSource[], bindings: readonly Binding[]): ReadonlyMap<string, CellWriter> {
  const writers = new Map<string, CellWriter>();
  sources.forEach((source, index) => {
    const binding = bindings[index];
    if (source.kind !== 'column' || binding === null || binding === undefined || binding === 'missing') return;
    const { node } = binding;
    const assembled = source.taking.kind === 'assembled';
    if (!writers.has(node.name)) writers.set(node.name, cellWriter(node, source.column, assembled));
  });
  return writers;
}

function rowText(writers: ReadonlyMap<string, CellWriter>, row: number): string {
  let text = '';
  for (const [name, write] of writers) {
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${write(row)}`;
    if (text.length > KEPT) return text;
  }
  return `${text === '' ? '{' : text}}`;
}

function cellWriter(node: SchemaNode, column: StagedColumn, assembled: boolean): CellWriter {
  const { leaf } = node;
  const { width, bytes, present } = column;
  const span = width === 0 ? spanReader(column) : null;
  return (row) => {
    if (present[row] === 0) return 'null';
    if (column.refused.some((each) => each.row === row)) return '"(cannot be written as JSON)"';
    const data = span === null ? bytes : span(row);
    const from = span === null ? row * width : 0;
    const length = span === null ? width : data.length;
    if (assembled || leaf === null) return Buffer.from(data).toString();
    if (length > KEPT) return JSON.stringify(shortText(data.subarray(0, KEPT)));
    try {
      return jsonValue(leaf, data, from, length);
    } catch (error) {
      if (!(error instanceof NoJson)) throw error;
      return error.reason.code === 'ATLAS_PARQUET_UTF8'
        ? `{"base64":"${Buffer.from(data).toString('base64')}"}`
        : JSON.stringify(notFinite(data, from, length));
    }
  };
}

function notFinite(data: Uint8Array, from: number, length: number): string {
  const view = new DataView(data.buffer, data.byteOffset + from, length);
  const value = length === 8 ? view.getFloat64(0, true) : length === 4 ? view.getFloat32(0, true) : Number.NaN;
  return String(value);
}

function shortText(bytes: Uint8Array): string {
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : Buffer.from(bytes).toString('latin1');
}

/** Without half a character at its end. */
function wholeText(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
