import type { Schema } from '../../../src/batch/schema.ts';
import type { ArrowPlan } from '../../../src/encode/arrow/arrow-plan.ts';
import { ARROW_END, arrowSchemaMessage } from '../../../src/encode/arrow/arrow-stream.ts';
import { arrowReserve, type EncodedMessages, openArrowEncoder } from '../../../src/encode/arrow/encoder.ts';
import { Kernel } from '../../../src/kernel/kernel.ts';
import { buildBatch, type Cell } from '../build-batch.ts';

export interface WriteOptions extends Partial<Omit<ArrowPlan, 'schema'>> {
  /** Where appends end; the default is one append of all rows. */
  readonly appends?: readonly number[];
  /** Rows of each fragment. */
  readonly fragmentRows?: number;
}

/** A plan with room for everything that tests write. */
export function arrowPlan(schema: Schema, options: WriteOptions = {}): ArrowPlan {
  return {
    schema,
    compression: options.compression ?? 'none',
    compressionLevel: options.compressionLevel ?? null,
    rows: options.rows ?? 100_000,
    bytes: options.bytes ?? 8_000_000,
    textBytes: options.textBytes ?? 1_000_000,
  };
}

const room = (columns: readonly (readonly Cell[])[]): number =>
  columns.flat().reduce<number>((sum, cell) => {
    if (cell instanceof Uint8Array) return sum + 24 + cell.length;
    return sum + 24 + (typeof cell === 'string' ? cell.length * 3 : 0);
  }, 0);

/** The given columns as fragments. */
export async function writeFragments(
  schema: Schema,
  columns: readonly (readonly Cell[])[],
  options: WriteOptions = {},
): Promise<EncodedMessages[]> {
  const plan = arrowPlan(schema, options);
  const rows = columns[0]?.length ?? 0;
  const kernel = await Kernel.open(arrowReserve(plan) + room(columns) + columns.length * 1024 + 1_000_000);
  using encoder = await openArrowEncoder(plan, kernel);
  const batch = buildBatch(kernel, schema, columns);
  const step = options.fragmentRows ?? Math.max(rows, 1);
  const ends = [...(options.appends ?? []), rows];
  const fragments: EncodedMessages[] = [];
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(rows, start + step);
    let from = start;
    for (const to of ends) {
      if (to <= from) continue;
      encoder.append(batch, from, Math.min(to, end));
      from = Math.min(to, end);
    }
    const fragment = encoder.finish();
    if (fragment) fragments.push(structuredClone(fragment));
  }
  return fragments;
}

/** Fragments as a whole stream. */
export function streamOf(schema: Schema, fragments: readonly EncodedMessages[]): Buffer {
  return Buffer.concat([arrowSchemaMessage(schema), ...fragments.map(({ bytes }) => bytes), ARROW_END]);
}

/** The given columns as a whole Arrow IPC stream. */
export async function writeArrow(
  schema: Schema,
  columns: readonly (readonly Cell[])[],
  options: WriteOptions = {},
): Promise<Buffer> {
  return streamOf(schema, await writeFragments(schema, columns, options));
}
