import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AtlasError } from '../../src/errors.ts';
import type { CsvSourcePlan } from '../../src/flow/dataset-plan.ts';
import type { Reject } from '../../src/flow/reject.ts';
import type { Spans, TaskTally } from '../../src/flow/tally.ts';
import type { Task } from '../../src/flow/task.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { openFeed } from '../../src/source/csv/open-feed.ts';
import { CsvParser } from '../../src/source/csv/parser/parser.ts';
import { planParser } from '../../src/source/csv/parser/parser-plan.ts';
import type { ParserLimits } from '../../src/source/csv/parser/parser-shape.ts';
import { surveyInputs } from '../../src/source/csv/survey/survey.ts';
import { type CsvState, decodeState } from '../../src/source/csv/survey/survey-state.ts';
import { Window } from '../../src/source/feed/window.ts';
import { openParts } from '../../src/source/lines/open-parts.ts';
import { TaskReader } from '../../src/source/lines/task-reader.ts';
import { type Cell, rowsOf } from '../conformance/source/rows-of.ts';

/** How the bytes of an input come in. */
export interface FuzzCut {
  readonly sliceBytes: number;
  readonly readBytes: number;
  /** Gives every task its true begin at once, as a single lane does. */
  readonly known: boolean;
}

/** All that a reader says of an input: rows, rejects and spans, or the code of its failure. */
export interface FuzzReading {
  readonly rows: readonly (readonly Cell[])[];
  readonly rejects: readonly Omit<Reject, 'file'>[];
  readonly spans: Spans;
  readonly failure: string | null;
  readonly state: CsvState | null;
}

/** What one bed can read. */
export const FUZZ_LIMITS: ParserLimits = { maxRowBytes: 8192, maxColumns: 300, fields: 64 };

const NONE: Spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };
const LOADED_AT = 1_700_000_000_000_000n;

/** One kernel, parser and file, used again for every input: everything else is what a run does. */
export class FuzzBed implements Disposable {
  readonly kernel: Kernel;
  readonly parser: CsvParser;
  readonly folder: string;
  readonly #bytes: Uint8Array;
  readonly #signal = new AbortController().signal;
  readonly #nobody = Readable.from([]);

  private constructor(kernel: Kernel, parser: CsvParser) {
    this.kernel = kernel;
    this.parser = parser;
    this.#bytes = kernel.bytes.subarray(parser.window, parser.window + parser.windowBytes);
    this.folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'atlas-fuzz-'));
  }

  static async open(): Promise<FuzzBed> {
    const kernel = await Kernel.open(CsvParser.kernelBytes(FUZZ_LIMITS));
    return new FuzzBed(kernel, CsvParser.open(kernel, FUZZ_LIMITS));
  }

  /** Where the input lies; plans must name it as their path. */
  get path(): string {
    return join(this.folder, 'in.csv');
  }

  /** Whether the parser takes the plan: whoever reads metadata refuses others before. */
  accepts(plan: CsvSourcePlan): boolean {
    const newline = plan.rowDelimiter === 'auto' ? 'lf' : plan.rowDelimiter;
    const file = { name: '', headerRecord: null, newline } as unknown as CsvState['files'][number];
    const positions = plan.features.map(({ constant }, index) => (constant === null ? index : null));
    try {
      this.parser.configure(planParser(plan, file, { width: positions.length, positions }, LOADED_AT));
      return true;
    } catch (error) {
      if (error instanceof AtlasError && error.code === 'ATLAS_META_INVALID') return false;
      throw error;
    }
  }

  put(bytes: Uint8Array): void {
    writeFileSync(this.path, bytes);
  }

  /** Reads what was put, as a run would, cut as told. Fails where the reader breaks a promise or makes no progress. */
  async read(plan: CsvSourcePlan, cut: FuzzCut): Promise<FuzzReading> {
    const rows: Cell[][] = [];
    const rejects: Omit<Reject, 'file'>[] = [];
    let spans = NONE;
    let state: CsvState | null = null;
    try {
      const cutPlan = { ...plan, sliceBytes: cut.sliceBytes };
      const { survey } = await surveyInputs(cutPlan, this.#nobody, { signal: this.#signal });
      state = decodeState(survey.state);
      const window = new Window(this.#bytes, cut.readBytes);
      let end = 0;
      let lines = 0;
      for (const task of survey.tasks) {
        const located = task.follows && cut.known ? { ...task, begin: end } : task;
        let read = await this.#readTask(located, state, cutPlan, window);
        if (task.follows && read.tally.begin !== end) {
          read = await this.#readTask({ ...task, begin: end }, state, cutPlan, window);
        }
        rows.push(...read.rows);
        for (const { file, ...reject } of read.rejects) rejects.push({ ...reject, line: reject.line + lines });
        spans = add(spans, read.tally.spans);
        lines += read.tally.lines;
        end = read.tally.end;
      }
      return { rows, rejects, spans, failure: null, state };
    } catch (error) {
      if (!(error instanceof AtlasError) || error.code === 'ATLAS_INTERNAL') throw error;
      return { rows: [], rejects: [], spans: NONE, failure: `${error.code} ${error.message}`, state };
    }
  }

  async #readTask(task: Task, state: CsvState, plan: CsvSourcePlan, window: Window): Promise<TaskReading> {
    const rows: Cell[][] = [];
    const rejects: Reject[] = [];
    const parts = openParts({
      task,
      files: state.files,
      features: plan.features,
      sliceBytes: plan.sliceBytes,
      window,
      openFeed: (raw, file) => openFeed(raw, file.compression, file.path, plan, this.#signal),
      parserOf: (index) => {
        const file = state.files[index];
        const layout = file && file.layout !== null ? state.layouts[file.layout] : undefined;
        if (!file || !layout) return null;
        this.parser.configure(planParser(plan, file, layout, LOADED_AT));
        return this.parser;
      },
      takePipe: () => {
        throw new Error('nothing is piped');
      },
      signal: this.#signal,
    });
    const schema = {
      fields: plan.features.map(({ name, type, nullable, sensitive }) => ({ name, type, nullable, sensitive })),
    };
    await using reader = new TaskReader(schema, this.kernel, parts, { rejectLimit: Infinity, fixed: null });
    const through = { signal: this.#signal };
    let idle = 0;
    for (let delivery = await reader.next(through); delivery; delivery = await reader.next(through)) {
      const { batch } = delivery;
      if (batch.rows > 0) rows.push(...rowsOf(batch));
      rejects.push(...delivery.rejects);
      idle = batch.rows + delivery.rejects.length > 0 ? 0 : idle + 1;
      if (idle > 100_000) throw new Error(`${idle} deliveries of nothing: no progress`);
      batch.release();
    }
    const tally = reader.tally();
    if (tally.rowsRead !== rows.length + rejects.length || tally.rowsRejected !== rejects.length) {
      throw new Error(
        `${rows.length} rows and ${rejects.length} rejects came, the tally says ${JSON.stringify(tally)}`,
      );
    }
    const length = Object.values(tally.spans).reduce((sum: number, each: number) => sum + each, 0);
    if (length !== tally.end - tally.begin) {
      throw new Error(`spans of a task from ${tally.begin} to ${tally.end} are ${JSON.stringify(tally.spans)}`);
    }
    return { rows, rejects, tally };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface TaskReading {
  readonly rows: readonly Cell[][];
  readonly rejects: readonly Reject[];
  readonly tally: TaskTally;
}

function add(a: Spans, b: Spans): Spans {
  return {
    header: a.header + b.header,
    skipped: a.skipped + b.skipped,
    blank: a.blank + b.blank,
    comment: a.comment + b.comment,
    row: a.row + b.row,
    reject: a.reject + b.reject,
  };
}
