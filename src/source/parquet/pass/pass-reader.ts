import { AtlasError } from '../../../errors.ts';
import type { ParquetSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Fragment } from '../../../flow/fragment.ts';
import type { PassedChunk, PassedFacts, PassedFile } from '../../../flow/passed-file.ts';
import type { Abortable, BatchReader, Delivery } from '../../../flow/source.ts';
import type { TaskTally } from '../../../flow/tally.ts';
import type { Binding } from '../bind-features.ts';
import type { Chunk, Group, ParquetFile } from '../file/parquet-file.ts';
import type { ParquetInput } from '../file/parquet-input.ts';
import type { ParquetSlice } from '../parquet-state.ts';
import type { Leaf } from '../schema/schema-node.ts';
import { CODEC_NUMBERS, ENCODING_NUMBERS, TYPE_NUMBERS } from './format-numbers.ts';

/** Bytes of a piece at most. */
const PIECE = 4 << 20;

export interface PassContext {
  readonly plan: ParquetSourcePlan;
  readonly input: ParquetInput;
  readonly file: ParquetFile;
  readonly bindings: readonly Binding[];
  readonly slice: ParquetSlice;
}

/** Hands on the column chunks of a task's row groups as they rest, and what a footer must say of them. */
export class PassReader implements BatchReader {
  readonly begin: number;
  readonly #context: PassContext;
  readonly #groups: readonly Group[];
  readonly #leaves: readonly Leaf[];
  #bytesRead = 0;
  #ended = false;

  constructor(context: PassContext) {
    const { slice, file, bindings } = context;
    this.#context = context;
    this.begin = slice.begin;
    this.#groups = file.groups.slice(slice.first, slice.last);
    this.#leaves = bindings.map(leafOf);
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  async next(): Promise<Delivery | null> {
    throw new AtlasError('ATLAS_INTERNAL', 'these row groups are handed on, not read');
  }

  async *pass(options: Abortable): AsyncGenerator<Fragment, void, void> {
    const { input } = this.#context;
    let piece = new Uint8Array(0);
    for (const { start, end } of this.#extents()) {
      for (let at = start; at < end; ) {
        const to = Math.min(end, at + PIECE - piece.length);
        const bytes = await input.read(at, to, options);
        this.#bytesRead += bytes.length;
        piece = piece.length === 0 ? (bytes as Uint8Array<ArrayBuffer>) : Buffer.concat([piece, bytes]);
        at = to;
        if (piece.length < PIECE) continue;
        yield fragmentOf(piece, 0, 0, null);
        piece = new Uint8Array(0);
      }
    }
    if (piece.length > 0) yield fragmentOf(new Uint8Array(piece), 0, 0, null);
    this.#ended = true;
    const bytes = this.#sum(({ decompressed }) => decompressed);
    yield fragmentOf(new Uint8Array(0), this.#rows, bytes, this.#describe());
  }

  tally(): TaskTally {
    if (!this.#ended) throw new AtlasError('ATLAS_INTERNAL', 'tally was called before all bytes were handed on');
    const { slice } = this.#context;
    const all = this.#groups.flatMap(({ chunks }) => chunks).reduce((sum, { start, end }) => sum + end - start, 0);
    const row = this.#bytesRead;
    const spans = { header: slice.end - slice.begin - all, skipped: all - row, blank: 0, comment: 0, row, reject: 0 };
    const { begin } = this;
    return { begin, end: slice.end, lines: 0, rowsRead: this.#rows, rowsRejected: 0, spans, stopped: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.input[Symbol.asyncDispose]();
  }

  get #rows(): number {
    return this.#groups.reduce((sum, { rows }) => sum + rows, 0);
  }

  #sum(pick: (chunk: Chunk) => number): number {
    return this.#taken().reduce((sum, chunk) => sum + pick(chunk), 0);
  }

  /** In the order in which they are handed on; a column that two features take comes twice. */
  #taken(): readonly Chunk[] {
    return this.#groups.flatMap(({ chunks }) => this.#leaves.map(({ index }) => chunks[index] as Chunk));
  }

  /** What stands side by side is read together. */
  #extents(): readonly { readonly start: number; readonly end: number }[] {
    const extents: { readonly start: number; end: number }[] = [];
    for (const { start, end } of this.#taken()) {
      const last = extents.at(-1);
      if (last?.end === start) last.end = end;
      else extents.push({ start, end });
    }
    return extents;
  }

  #describe(): PassedFile {
    const { plan, bindings } = this.#context;
    let at = 0;
    const groups = this.#groups.map(({ rows, chunks }) => ({
      rows,
      chunks: this.#leaves.map(({ index }): PassedChunk => {
        const chunk = chunks[index] as Chunk;
        const { start, end, pages } = chunk;
        const begin = at;
        at += end - start;
        return {
          codec: CODEC_NUMBERS.get(chunk.codec) as number,
          encodings: chunk.encodings.map((each) => ENCODING_NUMBERS.get(each) as number),
          values: chunk.values,
          uncompressed: chunk.decompressed,
          compressed: end - start,
          dataOffset: begin + pages - start,
          dictionaryOffset: pages > start ? begin : null,
        };
      }),
    }));
    const columns = plan.features.map(({ name, type, sensitive }, index) => {
      const { physical, width } = this.#leaves[index] as Leaf;
      const nullable = (bindings[index] as { node: { repetition: string } }).node.repetition === 'OPTIONAL';
      return { field: { name, type, nullable, sensitive }, physical: { type: TYPE_NUMBERS[physical], width } };
    });
    return { columns, groups };
  }
}

function fragmentOf(bytes: Uint8Array<ArrayBuffer>, rows: number, rawBytes: number, file: PassedFile | null): Fragment {
  const facts: PassedFacts = { format: 'parquet', file };
  return { rows, bytes, rawBytes, partition: null, facts };
}

function leafOf(binding: Binding): Leaf {
  const leaf = binding === null || binding === 'missing' ? null : binding.node.leaf;
  if (leaf === null) throw new AtlasError('ATLAS_INTERNAL', 'a column that is handed on has no values of its own');
  return leaf;
}
