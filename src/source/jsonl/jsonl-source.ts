import type { Readable } from 'node:stream';
import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { JsonlSourcePlan } from '../../flow/dataset-plan.ts';
import type { Abortable, BatchReader, InputIdentity, ReadOptions, Source, Survey } from '../../flow/source.ts';
import type { Json, Task } from '../../flow/task.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type { ByteFeed } from '../feed/byte-feed.ts';
import { Window } from '../feed/window.ts';
import type { InputStores } from '../input.ts';
import { fixedColumns } from '../lines/fixed-columns.ts';
import { openParts } from '../lines/open-parts.ts';
import { TaskReader } from '../lines/task-reader.ts';
import { confirmInputs } from '../open-input.ts';
import { decodeState } from './jsonl-state.ts';
import { openFeed } from './open-feed.ts';
import { JsonParser } from './parser/json-parser.ts';
import { surveyInputs } from './survey/survey.ts';

export interface JsonlSourceOptions {
  /** Bytes of kernel memory that the encoder of the same lane will take. */
  readonly reserve: number;
  /** The compiled kernel, where the caller has it. */
  readonly module?: WebAssembly.Module;
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  /** Poisons batches when they are released. */
  readonly debug?: boolean;
  /** Bytes looked at in one go, 1 MiB by default: batches are cut by it, rows and row groups are not. */
  readonly readBytes?: number;
  /** Where inputs that are not on a local disk rest; may be left out where all are. */
  readonly stores?: InputStores;
  /** What the path `-` reads; the process's standard input by default. */
  readonly stdin?: Readable;
}

/** Opens a source of JSON lines: its own kernel, window and parser, sized by the plan. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openJsonlSource(plan: JsonlSourcePlan, options: JsonlSourceOptions): Promise<Source> {
  const kernel = await Kernel.open(options.reserve + JsonParser.kernelBytes(plan), options.module);
  return new JsonlSource(plan, kernel, JsonParser.open(kernel, plan), options);
}

class JsonlSource implements Source {
  readonly schema: Schema;
  readonly kernel: Kernel;
  readonly #plan: JsonlSourcePlan;
  readonly #parser: JsonParser;
  readonly #window: Window;
  readonly #options: JsonlSourceOptions;
  #pipe: ByteFeed | null = null;
  #reader: TaskReader | null = null;

  constructor(plan: JsonlSourcePlan, kernel: Kernel, parser: JsonParser, options: JsonlSourceOptions) {
    this.schema = {
      fields: plan.features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
    };
    this.kernel = kernel;
    this.#plan = plan;
    this.#parser = parser;
    const window = kernel.bytes.subarray(parser.window, parser.window + parser.windowBytes);
    this.#window = new Window(window, options.readBytes);
    this.#options = options;
    parser.poison = options.debug === true;
  }

  async survey({ signal }: Abortable): Promise<Survey> {
    const { stdin = process.stdin, stores } = this.#options;
    const { survey, pipe } = await surveyInputs(this.#plan, stdin, { stores, signal });
    this.#pipe = pipe;
    return survey;
  }

  /**
   * One reader at a time: opening one closes the one before. Standard input can be read once, by the source that surveyed it.
   * Fails (or its reader does) with ATLAS_INPUT_CHANGED, ATLAS_INPUT_UNREADABLE, ATLAS_INPUT_COMPRESSION, ATLAS_INPUT_INFLATES.
   */
  async read(task: Task, state: Json, options: ReadOptions & Abortable): Promise<BatchReader> {
    const { rejectLimit, packRejects, signal } = options;
    signal.throwIfAborted();
    await this.#reader?.[Symbol.asyncDispose]();
    const { files } = decodeState(state);
    const parts = openParts({
      task,
      files,
      features: this.#plan.features,
      sliceBytes: this.#plan.sliceBytes,
      window: this.#window,
      openFeed: (raw, file) => openFeed(raw, file.compression, file.path, this.#plan, signal),
      parserOf: (index) => this.#parserOf(files[index]?.name),
      takePipe: () => this.#takePipe(),
      packRejects: packRejects === true,
      stores: this.#options.stores,
      signal,
    });
    const fixed = this.#options.debug ? fixedColumns(this.#plan.features) : null;
    const { learned } = this.#parser;
    learned.forget();
    const untaken = () => ({ names: learned.names, incomplete: learned.incomplete });
    this.#reader = new TaskReader(this.schema, this.kernel, parts, { rejectLimit, fixed, untaken });
    return this.#reader;
  }

  async confirm(inputs: readonly InputIdentity[], { signal }: Abortable): Promise<void> {
    await confirmInputs(inputs, { stores: this.#options.stores, signal });
  }

  #parserOf(file: string | undefined): JsonParser | null {
    if (file === undefined) return null;
    this.#parser.configure({ file, loadedAt: this.#options.loadedAt });
    return this.#parser;
  }

  #takePipe(): ByteFeed {
    const pipe = this.#pipe;
    this.#pipe = null;
    if (pipe) return pipe;
    throw new AtlasError('ATLAS_INTERNAL', 'standard input is read once, by the source that surveyed it');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
    await this.#pipe?.[Symbol.asyncDispose]();
    this.#pipe = null;
  }
}
