import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { MysqlConnection } from '../../flow/connections.ts';
import type { MysqlSourcePlan } from '../../flow/dataset-plan.ts';
import type { Abortable, BatchReader, InputIdentity, ReadOptions, Source, Survey } from '../../flow/source.ts';
import type { Json, Task } from '../../flow/task.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { WireDecoder } from '../wire/wire-decoder.ts';
import { WireReader } from '../wire/wire-reader.ts';
import type { WirePlan } from '../wire/wire-shape.ts';
import { decodeSlice, decodeState } from './mysql-slice.ts';
import { openOwnDesk } from './read/open-own-desk.ts';
import { RowFeed } from './read/row-feed.ts';
import type { RowDesk } from './read/task-rows.ts';
import { serveRows } from './share/serve-rows.ts';
import { SharedDesk } from './share/shared-desk.ts';
import { surveyMysql } from './survey/survey-mysql.ts';

export interface MysqlSourceOptions {
  /** Bytes of kernel memory that the encoder of the same lane will take. */
  readonly reserve: number;
  /** The compiled kernel, where the caller has it. */
  readonly module?: WebAssembly.Module;
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  readonly connection: MysqlConnection;
  /** Threads that will read; 1 by default. */
  readonly workers?: number;
  /** Poisons batches when they are released. */
  readonly debug?: boolean;
}

/** Opens a MySQL source: its own kernel, sized by the plan; connects when it is surveyed or read. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openMysqlSource(plan: MysqlSourcePlan, options: MysqlSourceOptions): Promise<Source> {
  const { features, columns, maxRowBytes, fetchRows, path } = plan;
  const wire: WirePlan = { features, columns, maxRowBytes, fetchRows, path };
  const kernel = await Kernel.open(options.reserve + WireDecoder.kernelBytes(wire, 'mysql'), options.module);
  const { loadedAt, debug = false } = options;
  return new MysqlSource(plan, WireDecoder.open(kernel, wire, 'mysql', { loadedAt, debug }), options);
}

class MysqlSource implements Source {
  readonly schema: Schema;
  readonly kernel: Kernel;
  readonly #plan: MysqlSourcePlan;
  readonly #options: MysqlSourceOptions;
  readonly #decoder: WireDecoder;
  #desk: RowDesk | null = null;
  #reader: WireReader | null = null;
  readonly #ports: MessagePort[] = [];

  constructor(plan: MysqlSourcePlan, decoder: WireDecoder, options: MysqlSourceOptions) {
    this.schema = decoder.schema;
    this.kernel = decoder.kernel;
    this.#plan = plan;
    this.#decoder = decoder;
    this.#options = options;
  }

  async survey({ signal }: Abortable): Promise<Survey> {
    signal.throwIfAborted();
    await this.#desk?.[Symbol.asyncDispose]();
    this.#desk = null;
    const { connection, workers = 1 } = this.#options;
    const { survey, desk } = await surveyMysql(this.#plan, connection, { workers, signal });
    this.#desk = desk;
    return survey;
  }

  /** One reader at a time: opening one closes the one before. Fails (or its reader does) with ATLAS_DB_*. */
  async read(task: Task, state: Json, { rejectLimit, signal }: ReadOptions & Abortable): Promise<BatchReader> {
    signal.throwIfAborted();
    await this.#reader?.[Symbol.asyncDispose]();
    this.#desk ??= await openOwnDesk(this.#plan, this.#options.connection, decodeState(state), { signal });
    const rows = await this.#desk.open(decodeSlice(task.slice), { signal, inTurn: this.#ports.length > 0 });
    this.#decoder.begin({ sequence: rows.sequence });
    this.#reader = new WireReader(this.#decoder, new RowFeed(rows), { rejectLimit });
    return this.#reader;
  }

  /** A port for a source in another thread: it reads from the sessions of this one. */
  share(): MessagePort {
    if (this.#desk === null) throw new AtlasError('ATLAS_INTERNAL', 'share was called before survey');
    const { port1, port2 } = new MessageChannel();
    serveRows(port1, this.#desk);
    this.#ports.push(port1);
    return port2;
  }

  join(port: MessagePort): void {
    this.#desk = new SharedDesk(port);
  }

  /** The snapshot is what it was. */
  async confirm(_inputs: readonly InputIdentity[], { signal }: Abortable): Promise<void> {
    signal.throwIfAborted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
    for (const port of this.#ports.splice(0)) port.close();
    await this.#desk?.[Symbol.asyncDispose]();
    this.#desk = null;
  }
}
