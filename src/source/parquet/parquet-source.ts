import type { Schema } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { ParquetSourcePlan } from '../../flow/dataset-plan.ts';
import type { Abortable, BatchReader, InputIdentity, ReadOptions, Source, Survey } from '../../flow/source.ts';
import type { Json, Task } from '../../flow/task.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type { InputStores } from '../input.ts';
import { confirmInputs } from '../open-input.ts';
import { bindFeatures, takenLeaves } from './bind-features.ts';
import { BatchMaker } from './column/batch-maker.ts';
import { BatchSlab } from './column/batch-slab.ts';
import { type ParquetFile, readParquetFile } from './file/parquet-file.ts';
import { ParquetInput } from './file/parquet-input.ts';
import { decodeFiles, decodeSlice } from './parquet-state.ts';
import { PassReader } from './pass/pass-reader.ts';
import { surveyParquet } from './survey-parquet.ts';
import { TaskReader } from './task-reader.ts';

export interface ParquetSourceOptions {
  /** Bytes of kernel memory that the encoder of the same lane will take. */
  readonly reserve: number;
  /** The compiled kernel, where the caller has it. */
  readonly module?: WebAssembly.Module;
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  /** Where inputs rest. */
  readonly stores?: InputStores;
  /** Poisons batches when they are released. */
  readonly debug?: boolean;
  /** Bytes fetched in one go for each column; by default what 32 MiB are for all of them, 64 KiB to 4 MiB. */
  readonly fetchBytes?: number;
}

const FETCHES = 32 << 20;
const LEAST_FETCH = 64 << 10;
const MOST_FETCH = 4 << 20;

/** Opens a Parquet source: its own kernel, sized by the plan. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openParquetSource(plan: ParquetSourcePlan, options: ParquetSourceOptions): Promise<Source> {
  const kernel = await Kernel.open(options.reserve + BatchSlab.kernelBytes(plan), options.module);
  return new ParquetSource(plan, kernel, options);
}

class ParquetSource implements Source {
  readonly schema: Schema;
  readonly kernel: Kernel;
  readonly #plan: ParquetSourcePlan;
  readonly #options: ParquetSourceOptions;
  readonly #maker: BatchMaker;
  #reader: TaskReader | null = null;
  /** The footer that was read last. */
  #file: { readonly path: string; readonly identity: string; readonly file: ParquetFile } | null = null;

  constructor(plan: ParquetSourcePlan, kernel: Kernel, options: ParquetSourceOptions) {
    this.schema = {
      fields: plan.features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
    };
    this.kernel = kernel;
    this.#plan = plan;
    this.#options = options;
    this.#maker = new BatchMaker(plan, kernel);
  }

  survey(options: Abortable): Promise<Survey> {
    return surveyParquet(this.#plan, { ...options, stores: this.#options.stores });
  }

  /**
   * One reader at a time: opening one closes the one before.
   * Fails (or its reader does) with ATLAS_INPUT_*, ATLAS_PARQUET_*, ATLAS_HDFS_*.
   */
  async read(task: Task, state: Json, options: ReadOptions & Abortable): Promise<BatchReader> {
    const { rejectLimit, signal } = options;
    signal.throwIfAborted();
    await this.#reader?.[Symbol.asyncDispose]();
    const slice = decodeSlice(task.slice);
    const surveyed = decodeFiles(state)[slice.file];
    if (surveyed === undefined) throw new AtlasError('ATLAS_INTERNAL', `the survey knows no file ${slice.file}`);
    const { path, name, identity } = surveyed;
    const { stores } = this.#options;
    const input = await ParquetInput.open(path, identity, { stores, signal });
    try {
      const file = await this.#footer(input, { signal });
      const bindings = bindFeatures(file, path, this.#plan);
      if (slice.pass === true) return new PassReader({ plan: this.#plan, input, file, bindings, slice });
      this.#maker.enter({ file: name, loadedAt: this.#options.loadedAt });
      const fetchBytes = this.#options.fetchBytes ?? fetchOf(takenLeaves(bindings).size);
      this.#reader = new TaskReader({
        schema: this.schema,
        plan: this.#plan,
        kernel: this.kernel,
        maker: this.#maker,
        input,
        file,
        bindings,
        name,
        slice,
        limits: { fetchBytes, maxPageBytes: this.#plan.maxPageBytes },
        rejectLimit,
        debug: this.#options.debug === true,
      });
      return this.#reader;
    } catch (error) {
      await input[Symbol.asyncDispose]();
      throw error;
    }
  }

  async confirm(inputs: readonly InputIdentity[], { signal }: Abortable): Promise<void> {
    await confirmInputs(inputs, { stores: this.#options.stores, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
  }

  async #footer(input: ParquetInput, options: Abortable): Promise<ParquetFile> {
    const { path, identity } = input;
    if (this.#file?.path === path && this.#file.identity === identity) return this.#file.file;
    const file = await readParquetFile(input, options);
    this.#file = { path, identity, file };
    return file;
  }
}

function fetchOf(columns: number): number {
  return Math.max(LEAST_FETCH, Math.min(MOST_FETCH, Math.floor(FETCHES / Math.max(1, columns))));
}
