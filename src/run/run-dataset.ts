import { join } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { Sink, TargetLock } from '../flow/sink.ts';
import type { Survey } from '../flow/source.ts';
import { hasDrifted } from '../plan/has-drifted.ts';
import { openSink } from '../registry.ts';
import { account } from './account.ts';
import { DatasetFacts } from './dataset-facts.ts';
import { DatasetWriter } from './dataset-writer.ts';
import { EarlyThreads } from './early-threads.ts';
import { examineDrift } from './examine-drift.ts';
import { firstError } from './first-error.ts';
import { holdTarget } from './hold-target.ts';
import { openLanes } from './open-lanes.ts';
import { ProgressMeter } from './progress-meter.ts';
import { publishStaged } from './publish-staged.ts';
import { publishUnrecorded } from './publish-unrecorded.ts';
import { pumpTasks } from './pump-tasks.ts';
import { RejectBook } from './reject-book.ts';
import { RejectFile } from './reject-file.ts';
import type { RunContext } from './run-context.ts';
import { settlePending } from './settle-pending.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** Takes one dataset from its inputs to its target; a failure becomes a receipt. Only a defect of its own throws. */
export async function runDataset(plan: DatasetPlan, context: RunContext): Promise<Receipt> {
  return new DatasetRun(plan, context).run();
}

class DatasetRun {
  readonly #plan: DatasetPlan;
  readonly #context: RunContext;
  readonly #facts: DatasetFacts;
  readonly #signal: AbortSignal;
  readonly #book: RejectBook;

  constructor(plan: DatasetPlan, context: RunContext) {
    this.#plan = plan;
    this.#context = context;
    this.#facts = new DatasetFacts(plan, context.run);
    this.#signal = context.options.signal;
    this.#book = new RejectBook(plan, { failFast: context.options.failFast });
  }

  async run(): Promise<Receipt> {
    try {
      this.#signal.throwIfAborted();
      return await this.#underLock();
    } catch (problem) {
      const error = this.#signal.aborted ? this.#signal.reason : firstError(problem);
      const skipped = error instanceof AtlasError && error.code === 'ATLAS_TARGET_SKIPPED';
      return this.#facts.receipt(skipped ? 'skipped' : 'failed', error);
    }
  }

  async #underLock(): Promise<Receipt> {
    const { run, options } = this.#context;
    const { loadedAt } = this.#context;
    const rejectLimit = this.#book.taskLimit;
    await using early = await EarlyThreads.start({ plan: this.#plan, loadedAt, workers: this.#workers(), rejectLimit });
    await using sink = await openSink(this.#plan, { signal: this.#signal });
    this.#facts.target = sink.target;
    await using lock = await holdTarget(sink, run, options.ifLocked, { signal: this.#signal });
    await this.#recover(sink, lock);
    await sink.check({ signal: this.#signal });
    await using bench = await openWorkbench(this.#plan, { loadedAt });
    const survey = await bench.source.survey({ signal: this.#signal });
    this.#facts.inputs = survey.inputs;
    await this.#examine(survey);
    this.#facts.notes.push(...survey.notes);
    const totalBytes = bytesOf(survey);
    this.#tell({ type: 'dataset_started', dataset: this.#plan.dataset, bytes: totalBytes, tasks: survey.tasks.length });
    for (const message of survey.notes) this.#tell({ type: 'note', dataset: this.#plan.dataset, message });
    if (survey.empty) {
      const settled = this.#empty();
      if (settled) return settled;
    }
    return await this.#load(sink, lock, bench, survey, totalBytes, early);
  }

  /** Before anything else: what earlier runs left open is settled, what they left behind removed. */
  async #recover(sink: Sink, lock: TargetLock): Promise<void> {
    const { ledger, options } = this.#context;
    const signal = this.#signal;
    if (ledger === null) {
      await sink.clean([], { signal });
      return;
    }
    const recoveries = await settlePending({ sink, ledger, lock, force: options.force, signal });
    for (const { dataset, message } of recoveries) this.#tell({ type: 'recovered', dataset, message });
  }

  /** Holds the columns of the inputs against each other and against what was published last. */
  async #examine(survey: Survey): Promise<void> {
    const { ledger } = this.#context;
    const plan = this.#plan;
    const last = (await ledger?.lastPublished(plan.ocs, plan.dataset)) ?? null;
    const { drift, columns } = await examineDrift({ plan, survey, last }, { signal: this.#signal });
    this.#facts.columns = columns;
    this.#facts.drift = drift;
    const news = hasDrifted(drift, last?.drift ?? null);
    for (const message of drift?.notes ?? []) {
      if (news) this.#tell({ type: 'warning', dataset: plan.dataset, code: 'ATLAS_DRIFT_FOUND', message });
      else this.#tell({ type: 'note', dataset: plan.dataset, message });
    }
  }

  async #load(
    sink: Sink,
    lock: TargetLock,
    bench: Workbench,
    survey: Survey,
    totalBytes: number | null,
    early: EarlyThreads,
  ): Promise<Receipt> {
    const plan = this.#plan;
    const facts = this.#facts;
    const signal = this.#signal;
    const { run, options, ledger } = this.#context;
    const book = this.#book;
    await using rejects = plan.onError === 'reject' ? new RejectFile(this.#rejectPath()) : null;
    await using draft = await sink.draft(run, { signal });
    const rowLimit = options.sample?.rows ?? Number.POSITIVE_INFINITY;
    try {
      const writer = new DatasetWriter({ plan, tasks: survey.tasks, draft, facts, book, rejects, rowLimit, signal });
      const meter = new ProgressMeter(plan.dataset, totalBytes, options.onEvent, () => book.total);
      await using lanes = await openLanes({
        plan,
        bench,
        survey,
        loadedAt: this.#context.loadedAt,
        early,
        workers: this.#workers(),
        rejectLimit: book.taskLimit,
        rowLimit,
        signal,
      });
      facts.workers = lanes.lanes.length;
      await pumpTasks(survey.tasks, writer, {
        signal,
        lanes: lanes.lanes,
        spare: lanes.spare,
        onProgress: (rows, bytes) => meter.add(rows, bytes),
      });
    } finally {
      facts.countRejects(book.total);
      facts.rejectsByCode = book.byCode();
      facts.rejectPath = rejects?.path ?? null;
    }
    book.check(facts.rowsRead);
    if (facts.rowsRead === 0) {
      const settled = this.#empty();
      if (settled) return settled;
    }
    await rejects?.sync();
    await bench.source.confirm(survey.inputs, { signal });
    const bytes = options.sample === null ? survey.contentBytes : null;
    account({ rows: facts.receipt('published').rows, staged: facts.rowsWritten, spans: facts.spans, bytes });
    const staged = await draft.stage({ signal });
    const receipt = facts.receipt('published');
    const law = { sink, kind: plan.destination.type, lock, staged, receipt, signal };
    const published = ledger === null ? await publishUnrecorded(law) : await publishStaged({ ...law, ledger });
    if (book.total > 0) this.#warnOfRejects(published);
    return published;
  }

  /** What becomes of an input without rows; null where it is to be published like any other. */
  #empty(): Receipt | null {
    switch (this.#plan.onEmpty) {
      case 'publish':
        return null;
      case 'skip':
        this.#facts.notes.push('the input holds no rows: skipped, as on_empty says');
        return this.#facts.receipt('skipped');
      case 'fail': {
        const inputs = this.#facts.inputs.map(({ path }) => path);
        const names = inputs.length > 3 ? `${inputs.slice(0, 3).join(', ')} … (${inputs.length})` : inputs.join(', ');
        throw new AtlasError('ATLAS_INPUT_EMPTY', `no rows in ${names || this.#plan.source.path}`);
      }
    }
  }

  #warnOfRejects({ rows, rejects }: Receipt): void {
    this.#tell({
      type: 'warning',
      dataset: this.#plan.dataset,
      code: 'ATLAS_REJECTS_FOUND',
      message: `${rows.rejected} of ${rows.read} rows were rejected; they are in ${rejects.path}`,
    });
  }

  /** A sample is read in order, by one lane. */
  #workers(): number {
    return this.#context.options.sample === null ? this.#context.workers : 1;
  }

  #rejectPath(): string {
    const { rejectsPath, ocs, dataset } = this.#plan;
    const name = `${this.#context.run}.jsonl`;
    if (rejectsPath === null) return join(this.#context.options.stateFolder, 'rejects', ocs, dataset, name);
    return rejectsPath.endsWith('/') ? join(rejectsPath, name) : rejectsPath;
  }

  #tell(event: Parameters<RunContext['options']['onEvent']>[0]): void {
    this.#context.options.onEvent(event);
  }
}

function bytesOf({ inputs }: Survey): number | null {
  let sum = 0;
  for (const { bytes } of inputs) {
    if (bytes === null) return null;
    sum += bytes;
  }
  return sum;
}
