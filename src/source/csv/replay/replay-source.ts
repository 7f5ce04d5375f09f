import type { Schema } from '../../../batch/schema.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ReplayInput } from '../../../flow/replay-input.ts';
import type { Abortable, BatchReader, InputIdentity, ReadOptions, Source, Survey } from '../../../flow/source.ts';
import type { Json, Task } from '../../../flow/task.ts';
import { Kernel } from '../../../kernel/kernel.ts';
import { Window } from '../../feed/window.ts';
import { fixedColumns } from '../../lines/fixed-columns.ts';
import { confirmInputs, openInput } from '../../open-input.ts';
import type { CsvSourceOptions } from '../csv-source.ts';
import { CsvParser } from '../parser/parser.ts';
import { limitParser } from '../parser/parser-plan.ts';
import { decodeState } from '../survey/survey-state.ts';
import { ReplayReader } from './replay-reader.ts';
import { decodeReplaySlice } from './replay-slice.ts';
import { surveyReplay } from './replay-survey.ts';

/** Opens the rejects of a run as a source: its plan, its layouts, its parser. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openReplaySource(
  plan: CsvSourcePlan,
  input: ReplayInput,
  options: Pick<CsvSourceOptions, 'reserve' | 'module' | 'loadedAt' | 'debug' | 'stores'>,
): Promise<Source> {
  const limits = limitParser(plan);
  const kernel = await Kernel.open(options.reserve + CsvParser.kernelBytes(limits), options.module);
  return new ReplaySource(plan, input, kernel, CsvParser.open(kernel, limits), options);
}

class ReplaySource implements Source {
  readonly schema: Schema;
  readonly kernel: Kernel;
  readonly #plan: CsvSourcePlan;
  readonly #input: ReplayInput;
  readonly #parser: CsvParser;
  readonly #window: Window;
  readonly #options: Pick<CsvSourceOptions, 'loadedAt' | 'debug' | 'stores'>;
  #reader: ReplayReader | null = null;

  constructor(
    plan: CsvSourcePlan,
    input: ReplayInput,
    kernel: Kernel,
    parser: CsvParser,
    options: Pick<CsvSourceOptions, 'loadedAt' | 'debug' | 'stores'>,
  ) {
    this.schema = {
      fields: plan.features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
    };
    this.kernel = kernel;
    this.#plan = plan;
    this.#input = input;
    this.#parser = parser;
    this.#window = new Window(kernel.bytes.subarray(parser.window, parser.window + parser.windowBytes));
    this.#options = options;
    parser.poison = options.debug === true;
  }

  survey({ signal }: Abortable): Promise<Survey> {
    return surveyReplay(this.#plan, this.#input, { stores: this.#options.stores, signal });
  }

  /** One reader at a time: opening one closes the one before. Fails with ATLAS_REPLAY_FILE or ATLAS_INPUT_*. */
  async read(task: Task, state: Json, { rejectLimit, signal }: ReadOptions & Abortable): Promise<BatchReader> {
    signal.throwIfAborted();
    await this.#reader?.[Symbol.asyncDispose]();
    this.#reader = new ReplayReader({
      plan: this.#plan,
      parser: this.#parser,
      window: this.#window,
      schema: this.schema,
      kernel: this.kernel,
      loadedAt: this.#options.loadedAt,
      fixed: this.#options.debug ? fixedColumns(this.#plan.features) : null,
      state: decodeState(state),
      file: await openInput(this.#input.path, null, { stores: this.#options.stores, signal }),
      slice: decodeReplaySlice(task.slice),
      begin: task.begin ?? 0,
      rejectLimit,
    });
    return this.#reader;
  }

  async confirm(inputs: readonly InputIdentity[], { signal }: Abortable): Promise<void> {
    await confirmInputs(inputs, { stores: this.#options.stores, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader?.[Symbol.asyncDispose]();
  }
}
