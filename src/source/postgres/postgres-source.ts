import type { Schema } from '../../batch/schema.ts';
import type { PostgresConnection } from '../../flow/connections.ts';
import type { PostgresSourcePlan } from '../../flow/dataset-plan.ts';
import type { Abortable, BatchReader, InputIdentity, ReadOptions, Source, Survey } from '../../flow/source.ts';
import type { Json, Task } from '../../flow/task.ts';
import { Kernel } from '../../kernel/kernel.ts';
import { WireDecoder } from '../wire/wire-decoder.ts';
import { WireReader } from '../wire/wire-reader.ts';
import { Session } from './connection/session.ts';
import { tryAgain } from './connection/try-again.ts';
import { decodeSlice, decodeState } from './postgres-state.ts';
import { RowFeed } from './read/row-feed.ts';
import { rowStatement } from './read/row-statement.ts';
import { TaskReader } from './read/task-reader.ts';
import { surveyPostgres } from './survey/survey-postgres.ts';

export interface PostgresSourceOptions {
  /** Bytes of kernel memory that the encoder of the same lane will take. */
  readonly reserve: number;
  /** The compiled kernel, where the caller has it. */
  readonly module?: WebAssembly.Module;
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  readonly connection: PostgresConnection;
  /** Poisons batches when they are released. */
  readonly debug?: boolean;
}

/** Opens a PostgreSQL source: its own kernel, sized by the plan; connects when it is surveyed or read. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openPostgresSource(plan: PostgresSourcePlan, options: PostgresSourceOptions): Promise<Source> {
  const bytes = WireDecoder.kernelBytes(plan, 'postgresql');
  const kernel = await Kernel.open(options.reserve + bytes, options.module);
  return new PostgresSource(plan, kernel, options);
}

/**
 * The thread that surveys holds the snapshot, in a session that does nothing else until the source is disposed; readers, here and in other
 * threads, have sessions of their own, which see the same.
 */
class PostgresSource implements Source {
  readonly kernel: Kernel;
  readonly #plan: PostgresSourcePlan;
  readonly #connection: PostgresConnection;
  readonly #decoder: WireDecoder;
  #coordinator: Session | null = null;
  #session: { readonly open: Session; readonly snapshot: string } | null = null;
  #reader: TaskReader | null = null;

  constructor(plan: PostgresSourcePlan, kernel: Kernel, { connection, loadedAt, debug }: PostgresSourceOptions) {
    this.kernel = kernel;
    this.#plan = plan;
    this.#connection = connection;
    this.#decoder = WireDecoder.open(kernel, plan, 'postgresql', { loadedAt, debug: debug === true });
  }

  get schema(): Schema {
    return this.#decoder.schema;
  }

  /** Fails with ATLAS_DB_*; tries again as often as the connection says, where that may help. */
  async survey(options: Abortable): Promise<Survey> {
    options.signal.throwIfAborted();
    await this.#closeReader();
    return await tryAgain(this.#connection.attempts, () => this.#surveyOnce(options), options);
  }

  /** One reader at a time: opening one closes the one before. Fails (or its reader does) with ATLAS_DB_*. */
  async read(task: Task, state: Json, options: ReadOptions & Abortable): Promise<BatchReader> {
    options.signal.throwIfAborted();
    await this.#reader?.[Symbol.asyncDispose]();
    const { snapshot } = decodeState(state);
    const statement = rowStatement(this.#plan, decodeSlice(task.slice));
    const { attempts } = this.#connection;
    const open = async (): Promise<WireReader> => {
      const session = await this.#sessionIn(snapshot, options);
      return new WireReader(this.#decoder, RowFeed.start(session, statement, this.#decoder), options);
    };
    const reader = await tryAgain(attempts, open, options);
    this.#reader = new TaskReader(reader, () => tryAgain(attempts, open, options), attempts - 1);
    return this.#reader;
  }

  /** Tables have no identity; what protected them from changes of their shape must still be there. */
  async confirm(_inputs: readonly InputIdentity[], { signal }: Abortable): Promise<void> {
    signal.throwIfAborted();
    const lost = this.#coordinator?.lost ?? null;
    if (lost !== null) throw lost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeReader();
    await this.#coordinator?.[Symbol.asyncDispose]();
    this.#coordinator = null;
  }

  async #surveyOnce(options: Abortable): Promise<Survey> {
    await this.#coordinator?.[Symbol.asyncDispose]();
    this.#coordinator = null;
    const session = await Session.open(this.#connection, options);
    try {
      const survey = await surveyPostgres(session, this.#plan, options);
      this.#coordinator = session;
      return survey;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #sessionIn(snapshot: string, { signal }: Abortable): Promise<Session> {
    const known = this.#session;
    if (known !== null && known.snapshot === snapshot && known.open.lost === null) return known.open;
    this.#session = null;
    await known?.open[Symbol.asyncDispose]();
    const open = await Session.open(this.#connection, { signal, snapshot, unlimited: true });
    this.#session = { open, snapshot };
    return open;
  }

  async #closeReader(): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
    this.#reader = null;
    await this.#session?.open[Symbol.asyncDispose]();
    this.#session = null;
  }
}
