import type { Abortable } from '../../flow/source.ts';
import { type Binding, leavesOf } from './bind-features.ts';
import type { BatchMaker, FeatureSource, MadeBatch } from './column/batch-maker.ts';
import { ColumnQueue, type StagedColumn } from './column/column-queue.ts';
import { damaged } from './file/damaged.ts';
import type { Chunk, Group } from './file/parquet-file.ts';
import type { ParquetInput } from './file/parquet-input.ts';
import { LeafCursor } from './nested/leaf-cursor.ts';
import { NestedRows } from './nested/nested-rows.ts';
import { ChunkPages, type PageLimits } from './page/chunk-pages.ts';
import type { SchemaNode } from './schema/schema-node.ts';

interface OpenColumn {
  readonly node: SchemaNode;
  readonly queue: ColumnQueue;
  staged: StagedColumn | null;
}

/** Reads one row group, batch by batch: of each column taken it holds the pages that the rows of a batch stand in. */
export class GroupReader {
  readonly #input: ParquetInput;
  readonly #group: Group;
  readonly #maker: BatchMaker;
  readonly #bindings: readonly Binding[];
  readonly #columns = new Map<string, OpenColumn>();
  /** By number of the leaf: one that is read in two ways counts once. */
  readonly #pages = new Map<number, ChunkPages>();
  #done = 0;

  constructor(input: ParquetInput, group: Group, bindings: readonly Binding[], maker: BatchMaker, limits: PageLimits) {
    this.#input = input;
    this.#group = group;
    this.#maker = maker;
    this.#bindings = bindings;
    for (const binding of bindings) {
      if (binding === null || binding === 'missing') continue;
      const assembled = binding.taking.kind === 'assembled';
      const key = keyOf(binding.node, assembled);
      if (!this.#columns.has(key)) this.#columns.set(key, this.#open(binding.node, assembled, limits));
    }
  }

  /** Stored bytes of the columns taken so far. */
  get bytesRead(): number {
    return [...this.#pages.values()].reduce((sum, { bytesRead }) => sum + bytesRead, 0);
  }

  /** Number of the next row in its file, from 0. */
  get row(): number {
    return this.#group.firstRow + this.#done;
  }

  /** The next batch, or null where all rows of the row group were looked at. Fails with ATLAS_PARQUET_DAMAGED and others. */
  async next(options: Abortable): Promise<MadeBatch | null> {
    const left = this.#group.rows - this.#done;
    const wanted = Math.min(left, this.#maker.slab.rows);
    const columns = [...this.#columns.values()];
    // at the end of the rows one more look says that no column has any left
    for (const { queue } of columns) await queue.fill(Math.max(1, wanted), options);
    if (left === 0) {
      for (const { queue, node } of columns) if (queue.rows > 0) throw this.#uneven(node, queue.rows);
      return null;
    }
    for (const { queue, node } of columns) if (queue.rows < wanted) throw this.#uneven(node, queue.rows - wanted);
    for (const column of columns) column.staged = column.queue.stage(wanted);
    const made = this.#maker.make(this.sources(), wanted, this.row + 1);
    for (const { queue } of columns) queue.pass(made.taken);
    this.#done += made.taken;
    return made;
  }

  /** What fills the features of the last batch, as it was staged. */
  sources(): readonly FeatureSource[] {
    return this.#bindings.map((binding): FeatureSource => {
      if (binding === null) return { kind: 'constant' };
      if (binding === 'missing') return { kind: 'missing' };
      const { taking, node } = binding;
      const column = this.#columns.get(keyOf(node, taking.kind === 'assembled'))?.staged as StagedColumn;
      return { kind: 'column', taking, column };
    });
  }

  #open(node: SchemaNode, assembled: boolean, limits: PageLimits): OpenColumn {
    const { rows } = this.#maker.slab;
    const pages = leavesOf(node).map(
      (leaf) => new ChunkPages(this.#input, this.#group.chunks[leaf.index] as Chunk, limits),
    );
    leavesOf(node).forEach(({ index }, at) => {
      this.#pages.set(index, pages[at] as ChunkPages);
    });
    if (!assembled && node.leaf !== null) {
      return { node, queue: new ColumnQueue(pages[0] as ChunkPages, node.leaf.width, rows), staged: null };
    }
    const cursors = leavesOf(node).map((leaf, index) => new LeafCursor(leaf, pages[index] as ChunkPages));
    const nested = new NestedRows(node, cursors, this.#input.path);
    return { node, queue: new ColumnQueue(nested, 0, rows), staged: null };
  }

  #uneven({ name }: SchemaNode, surplus: number) {
    const { rows } = this.#group;
    return damaged(this.#input.path, `column ${name} has ${rows + surplus} of the ${rows} rows of its row group`);
  }
}

function keyOf({ name }: SchemaNode, assembled: boolean): string {
  return `${assembled ? 'json' : 'flat'} ${name}`;
}
