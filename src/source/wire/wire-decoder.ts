import type { Batch, BatchColumn } from '../../batch/batch.ts';
import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { Reject } from '../../flow/reject.ts';
import type { Spans } from '../../flow/tally.ts';
import {
  COL_DATA,
  COL_NULLS,
  CTX_DATA,
  CTX_HEADER_BYTES,
  CTX_NEXT,
  CTX_REJECT_BYTES,
  CTX_ROW_BYTES,
  CTX_ROWS,
  CTX_STOP,
  CTX_TO,
  STOP_FULL,
  STOP_STARVED,
} from '../../kernel/assembly/csv-layout.ts';
import {
  COPY_HEADER,
  COPY_NONE,
  CTX_COPY,
  CTX_FOUND,
  CTX_SEQUENCE,
  STOP_LONG,
  STOP_MESSAGE,
} from '../../kernel/assembly/wire-layout.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { PlacedColumn } from '../cast/placed-column.ts';
import { settleSlowCells } from '../cast/slow-cells.ts';
import { poisonBatch } from '../poison-batch.ts';
import type { ZoneTable } from '../zone-table.ts';
import { placeWireColumns, type WireColumns } from './wire-columns.ts';
import { protocolFault, rowTooLong } from './wire-faults.ts';
import { foreignLength } from './wire-foreign.ts';
import { placeWireMemory, type WireMemory, wireMemoryBytes } from './wire-memory.ts';
import { readWireRejects } from './wire-rejects.ts';
import type {
  Decoded,
  DecodedBatch,
  ForeignMessage,
  WireOptions,
  WirePlan,
  WireProtocol,
  WireStart,
} from './wire-shape.ts';
import { wireCells } from './wire-slow-cells.ts';

const POISON = 0xa5;
const NO_SPANS: Spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };

/**
 * Bytes of row messages → batches in kernel memory, and rejects. One per lane: its memory is taken once, for the plan.
 *
 * The caller writes whatever arrives (`write` takes as much as there is `room` for) and then calls `next` until it answers null.
 * Where batches end is a function of the bytes alone, never of the pieces in which they came. The batch of one `next` must be released
 * before the following `next`; `write` may be called in between.
 */
export class WireDecoder {
  readonly schema: Schema;
  readonly kernel: Kernel;
  readonly #plan: WirePlan;
  readonly #protocol: WireProtocol;
  readonly #debug: boolean;
  readonly #memory: WireMemory;
  readonly #columns: WireColumns;
  readonly #ranked: readonly PlacedColumn[];
  readonly #zones = new Map<string, ZoneTable>();
  /** Address of the byte after the last that was written. */
  #to: number;
  /** Address up to which bytes are taken. */
  #most: number;
  /** Bytes of a message that is no row, still to be handed on. */
  #passing = 0;
  #passingType = 0;
  #leased = false;
  #rows = 0;
  #rejected = 0;
  #spans = NO_SPANS;

  private constructor(kernel: Kernel, plan: WirePlan, protocol: WireProtocol, options: WireOptions) {
    this.kernel = kernel;
    this.schema = {
      fields: plan.features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
    };
    this.#plan = plan;
    this.#protocol = protocol;
    this.#debug = options.debug === true;
    this.#memory = placeWireMemory(kernel, plan, protocol);
    this.#columns = placeWireColumns(kernel, plan, protocol, this.#memory, options, this.#zones);
    this.#ranked = this.#columns.sent.map(({ placed }) => placed);
    this.#to = this.#memory.window;
    this.#most = this.#to;
    this.begin({});
  }

  /** Arena bytes that `open` takes. */
  static kernelBytes(plan: WirePlan, protocol: WireProtocol): number {
    return wireMemoryBytes(plan, protocol);
  }

  /** Takes the decoder's memory from the kernel's arena, for good. Fails with ATLAS_META_INVALID where a constant is not of its type. */
  static open(kernel: Kernel, plan: WirePlan, protocol: WireProtocol, options: WireOptions): WireDecoder {
    return new WireDecoder(kernel, plan, protocol, options);
  }

  /** A result begins: forgets all bytes of the one before. */
  begin({ goOn = false, sequence = 0, mode = 'copy' }: WireStart): void {
    if (goOn) this.#spans = this.spans;
    else {
      this.#spans = NO_SPANS;
      this.#rows = 0;
      this.#rejected = 0;
    }
    this.#set(CTX_HEADER_BYTES, 0);
    this.#set(CTX_COPY, mode === 'copy' ? COPY_HEADER : COPY_NONE);
    this.#set(CTX_SEQUENCE, sequence & 255);
    this.#clear();
  }

  /** Bytes that `write` would take now. */
  get room(): number {
    return Math.max(0, this.#most - this.#to);
  }

  /**
   * Copies the first bytes, as many as there is room for; answers how many. With no room left, `next` answers something, or makes
   * room. */
  write(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.room);
    this.kernel.bytes.set(count === bytes.length ? bytes : bytes.subarray(0, count), this.#to);
    this.#to += count;
    return count;
  }

  /**
   * A batch (of 0 rows where all were rejected), a message that is no row, or null: more bytes are needed. Rows before a message come
   * first. `rejectLimit`: rejects of the task after which it stops. Fails with ATLAS_DB_PROTOCOL where the bytes are not what the
   * protocol or the plan says, with ATLAS_DB_ROW_TOO_LONG where a row is longer than `maxRowBytes`.
   */
  next(rejectLimit: number): Decoded | null {
    if (this.#leased) throw new AtlasError('ATLAS_INTERNAL', 'next was called before the batch was released');
    const { context } = this.#memory;
    if (this.#get(CTX_ROWS) === 0) this.#slide();
    if (this.#passing > 0) return this.#pass();
    this.#set(CTX_TO, this.#to);
    if (this.#protocol === 'mysql') this.kernel.exports.wireScanMysql(context);
    else this.kernel.exports.wireScanPostgres(context);
    const stop = this.#get(CTX_STOP);
    if (stop === STOP_STARVED) {
      // A row that is longer than what is taken at a time.
      if (this.room === 0) this.#most = this.#end;
      return null;
    }
    if (stop !== STOP_FULL && stop !== STOP_MESSAGE) throw this.#fault(stop);
    if (this.#get(CTX_ROWS) > 0) return this.#emit(rejectLimit);
    const at = this.#get(CTX_NEXT);
    this.#passingType = this.kernel.bytes[this.#protocol === 'mysql' ? at + 4 : at] ?? 0;
    this.#passing = foreignLength(this.kernel, this.#protocol, at);
    this.#set(CTX_SEQUENCE, (this.sequence + 1) & 255);
    return this.#pass();
  }

  /** What was written and not decoded, copied; the decoder holds nothing afterwards. For what follows a result. */
  rest(): Uint8Array {
    const rest = this.kernel.bytes.slice(this.#get(CTX_NEXT), this.#to);
    this.#clear();
    return rest;
  }

  /** Bytes of a message that is not complete, or of rows not answered yet, are held. */
  get pending(): boolean {
    return this.#to > this.#get(CTX_NEXT) || this.#get(CTX_ROWS) > 0 || this.#passing > 0;
  }

  /** Rows delivered in batches since `begin` (without `goOn`). */
  get rows(): number {
    return this.#rows;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** Bytes of row messages since `begin` (without `goOn`): of rows delivered, of rejected ones, and of COPY's own header and trailer. */
  get spans(): Spans {
    return { ...this.#spans, header: this.#spans.header + this.#get(CTX_HEADER_BYTES) };
  }

  /** MySQL: the sequence number of the packet that comes next. */
  get sequence(): number {
    return this.#get(CTX_SEQUENCE);
  }

  #emit(rejectLimit: number): DecodedBatch {
    const { kernel } = this;
    const { context, data, dataBytes } = this.#memory;
    if (this.#debug) {
      kernel.bytes.fill(POISON, ...this.#columns.written);
      kernel.bytes.fill(POISON, data, data + dataBytes);
    }
    const read = this.#get(CTX_ROWS);
    this.#set(CTX_REJECT_BYTES, 0);
    this.#set(CTX_DATA, data);
    kernel.exports.wireCast(context);
    settleSlowCells(kernel, context, this.#ranked, this.#zones, wireCells(kernel, this.#memory, this.#columns.sent));
    const place = {
      path: this.#plan.path,
      row: this.#rows + this.#rejected,
      offset: this.#spans.row + this.#spans.reject,
    };
    const rejects = readWireRejects(kernel, this.#memory, this.#columns.sent, this.#protocol, place);
    const rows = kernel.exports.csvCompact(context);
    if (rows + rejects.length !== read) {
      throw new AtlasError('ATLAS_INTERNAL', `${read} rows were read, ${rows} taken and ${rejects.length} rejected`);
    }
    const kept = rejects.slice(0, rejectLimit - this.#rejected);
    this.#rows += rows;
    this.#rejected += kept.length;
    const { row, reject } = this.#spans;
    const [taken, refused] = [this.#get(CTX_ROW_BYTES), this.#get(CTX_REJECT_BYTES)];
    this.#spans = { ...this.#spans, row: row + taken, reject: reject + refused };
    this.#set(CTX_ROWS, 0);
    this.#set(CTX_ROW_BYTES, 0);
    this.#lookAhead();
    return this.#lease(rows, kept, this.#rejected >= rejectLimit);
  }

  #lease(rows: number, rejects: readonly Reject[], stopped: boolean): DecodedBatch {
    this.#leased = true;
    const batch: Batch = {
      schema: this.schema,
      rows,
      columns: this.#columns.all.map((column) => this.#columnOf(column, rows)),
      kernel: this.kernel,
      closesGroup: false,
      release: () => {
        if (!this.#leased) return;
        this.#leased = false;
        if (this.#debug) poisonBatch(batch, this.#columns.fixed);
      },
    };
    return { kind: 'batch', batch, rejects, stopped };
  }

  #columnOf({ values, validity, descriptor, data, field }: PlacedColumn, rows: number): BatchColumn {
    if (descriptor === 0) return { values, data, validity, nullCount: field.constant === null ? rows : 0 };
    const { view } = this.kernel;
    return {
      values,
      data: view.getUint32(descriptor + COL_DATA, true),
      validity,
      nullCount: view.getUint32(descriptor + COL_NULLS, true),
    };
  }

  /** As much of the message that stands there as has arrived. */
  #pass(): ForeignMessage | null {
    const at = this.#get(CTX_NEXT);
    const count = Math.min(this.#passing, this.#to - at);
    if (count === 0) return null;
    this.#passing -= count;
    this.#set(CTX_NEXT, at + count);
    this.#lookAhead();
    const bytes = this.kernel.bytes.slice(at, at + count);
    return { kind: 'message', type: this.#passingType, bytes, whole: this.#passing === 0 };
  }

  /** Moves what is not decoded to the start of the window, where what is left of it could be too little for a batch and a row. */
  #slide(): void {
    const { window, slideBytes } = this.#memory;
    const from = this.#get(CTX_NEXT);
    if (from < this.#to && from - window < slideBytes) return;
    this.kernel.bytes.copyWithin(window, from, this.#to);
    this.#to -= from - window;
    this.#set(CTX_NEXT, window);
    this.#lookAhead();
  }

  #fault(stop: number): AtlasError {
    const row = this.#rows + this.#rejected + this.#get(CTX_ROWS);
    const { path, maxRowBytes } = this.#plan;
    if (stop === STOP_LONG) return rowTooLong(path, row, this.#get(CTX_FOUND), maxRowBytes);
    return protocolFault(this.kernel, this.#memory.context, path, row);
  }

  #clear(): void {
    this.#to = this.#memory.window;
    this.#passing = 0;
    this.#set(CTX_NEXT, this.#to);
    this.#set(CTX_ROWS, 0);
    this.#set(CTX_ROW_BYTES, 0);
    this.#lookAhead();
  }

  get #end(): number {
    return this.#memory.window + this.#memory.windowBytes;
  }

  /** A batch begins where the next row stands. */
  #lookAhead(): void {
    this.#most = Math.min(this.#end, this.#get(CTX_NEXT) + this.#memory.aheadBytes);
  }

  #get(slot: number): number {
    return this.kernel.view.getUint32(this.#memory.context + slot, true);
  }
  #set(slot: number, value: number): void {
    this.kernel.view.setUint32(this.#memory.context + slot, value, true);
  }
}
