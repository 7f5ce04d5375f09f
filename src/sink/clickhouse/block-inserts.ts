import type { Schema } from '../../batch/schema.ts';
import { ARROW_END, arrowSchemaMessage } from '../../encode/arrow/arrow-stream.ts';
import { encodePassedTail, PASSED_HEAD } from '../../encode/parquet/passed-footer.ts';
import { AtlasError } from '../../errors.ts';
import type { Fragment } from '../../flow/fragment.ts';
import { isPassed, type PassedFacts } from '../../flow/passed-file.ts';
import { quoteClickhouseName } from '../../metadata/quote-clickhouse-name.ts';
import { awaitStatement } from './await-statement.ts';
import { BLOCK_SETTINGS } from './block-settings.ts';
import { findParts, rowsOf } from './find-parts.ts';
import type { Insert, InsertStatement, Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/** Where rows go, and in blocks of what size. */
export interface BlockPlan {
  /** The staging table. */
  readonly table: string;
  /** Its rows' columns, by name. */
  readonly schema: Schema;
  readonly rows: number;
  readonly bytes: number;
  /** Of all its statements. */
  readonly name: string;
}

interface Block {
  readonly format: InsertStatement['format'];
  readonly insert: Insert;
  readonly queryId: string;
  rows: number;
  bytes: number;
}

/** A column that a file lacks is an error, not a default. */
const OF_FILES = { input_format_parquet_allow_missing_columns: 0 };

/** What the engine remembers of a file it knows by its path: others come by the same one. */
const OF_FIFOS = { use_parquet_metadata_cache: 0 };

/**
 * Writes fragments to a table that nobody else writes to, one INSERT per block: while the server sorts and writes one, the next is sent.
 * An answer that was lost is looked for by counting.
 */
export class BlockInserts {
  readonly #place: TablePlace;
  readonly #plan: BlockPlan;
  #open: Block | null = null;
  #closing: Promise<void> | null = null;
  #blocks = 0;
  #there = 0;

  constructor(place: TablePlace, plan: BlockPlan) {
    this.#place = place;
    this.#plan = plan;
  }

  /** Blocks begun. */
  get blocks(): number {
    return this.#blocks;
  }

  async write(fragment: Fragment, waiting: Waiting): Promise<void> {
    const { rows, bytes } = this.#plan;
    const { facts } = fragment;
    const full = this.#open;
    if (isPassed(facts)) return this.#pass(fragment, facts, waiting);
    if (full !== null && (full.rows + fragment.rows > rows || full.bytes + fragment.rawBytes > bytes)) {
      await this.#close(waiting);
    }
    await this.#add(fragment, 'ArrowStream', waiting);
  }

  /** A piece of a Parquet file, which is a block by itself. */
  async #pass(fragment: Fragment, { file }: PassedFacts, waiting: Waiting): Promise<void> {
    if (this.#open?.format === 'ArrowStream') await this.#close(waiting);
    const block = await this.#add(fragment, 'Parquet', waiting);
    if (file === null) return;
    await block.insert.write(encodePassedTail(file));
    await this.#close(waiting);
  }

  async #add(fragment: Fragment, format: Block['format'], waiting: Waiting): Promise<Block> {
    const block = this.#open ?? (await this.#begin(format, waiting));
    this.#open = block;
    if (fragment.bytes.length > 0) await block.insert.write(fragment.bytes);
    block.rows += fragment.rows;
    block.bytes += fragment.rawBytes;
    return block;
  }

  /** Ends the last block; answers the rows of all, once the server said that they are there. */
  async finish(waiting: Waiting): Promise<number> {
    await this.#close(waiting);
    await this.#closing;
    return this.#there;
  }

  /** Makes the server drop what is not whole. Does not fail. */
  async abort(reason: unknown): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.insert.abort(reason);
    await this.#closing?.catch(() => {});
  }

  async #begin(format: Block['format'], waiting: Waiting): Promise<Block> {
    const { table, schema, name } = this.#plan;
    const queryId = `${name}-${this.#blocks}`;
    this.#blocks += 1;
    const columns = schema.fields.map((field) => quoteClickhouseName(field.name)).join(', ');
    const sql = `INSERT INTO ${this.#place.sql(table)} (${columns})`;
    const { server } = this.#place;
    const asFile = format === 'Parquet' ? { ...OF_FILES, ...(server.embedded ? OF_FIFOS : {}) } : {};
    const settings = { ...BLOCK_SETTINGS, ...asFile, insert_deduplication_token: queryId };
    const insert = await server.insert({ sql, format, queryId, settings }, waiting);
    const block = { format, insert, queryId, rows: 0, bytes: 0 };
    try {
      await insert.write(format === 'Parquet' ? PASSED_HEAD : arrowSchemaMessage(schema));
      return block;
    } catch (error) {
      await insert.abort(error);
      throw error;
    }
  }

  /** Waits for the block before; then the open one ends while the caller goes on. */
  async #close(waiting: Waiting): Promise<void> {
    await this.#closing;
    const block = this.#open;
    if (block === null) return;
    if (block.format === 'ArrowStream') await block.insert.write(ARROW_END);
    this.#open = null;
    this.#closing = this.#end(block, waiting);
    // told at the next step
    this.#closing.catch(() => {});
  }

  async #end(block: Block, waiting: Waiting): Promise<void> {
    try {
      await block.insert.end();
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code !== 'ATLAS_CH_LOST') throw error;
      await this.#lookFor(block, error, waiting);
    }
    this.#there += block.rows;
  }

  /** An INSERT is in the table or not, as a whole: all blocks before it were counted. */
  async #lookFor({ queryId, rows }: Block, lost: AtlasError, waiting: Waiting): Promise<void> {
    const { table } = this.#plan;
    if (!(await awaitStatement(this.#place, queryId, waiting))) throw lost;
    const found = rowsOf(await findParts(this.#place, table, waiting));
    if (found === this.#there + rows) return;
    if (found === this.#there) throw lost;
    throw new AtlasError(
      'ATLAS_ROWS_UNACCOUNTED',
      `${this.#place.called(table)} holds ${found} rows; ${this.#there} were there before a block of ${rows}, whose answer was lost`,
      { cause: lost },
    );
  }
}
