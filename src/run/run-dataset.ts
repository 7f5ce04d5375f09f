import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Receipt } from '../flow/receipt.ts';
import type { TargetLock } from '../flow/sink.ts';
import type { Survey } from '../flow/source.ts';
import type { RememberingSink } from '../flow/target-memory.ts';
import { openSink } from '../registry.ts';
import { account } from './account.ts';
import { boundByTable } from './bound-by-table.ts';
import { ContentMemory } from './content-memory.ts';
import { DatasetFacts } from './dataset-facts.ts';
import { admitReplay, type DatasetReplay, describeReplay, replayedOf } from './dataset-replay.ts';
import { DatasetWriter } from './dataset-writer.ts';
import { describeReplaced } from './describe-replaced.ts';
import { EarlyBench } from './early-bench.ts';
import { EarlyThreads } from './early-threads.ts';
import { examineHeld } from './examine-held.ts';
import { firstError } from './first-error.ts';
import { Ground } from './ground.ts';
import { holdTarget } from './hold-target.ts';
import { beginAt, incrementalOf } from './incremental/begin-at.ts';
import type { Beginning } from './incremental/beginning.ts';
import { describeNothing } from './incremental/describe-nothing.ts';
import { endAt, excludedBy } from './incremental/end-at.ts';
import { refuseUnread } from './incremental/refuse-unread.ts';
import { withRange } from './incremental/with-range.ts';
import { inputBytes } from './input-bytes.ts';
import { judgeEmpty } from './judge-empty.ts';
import { LateDraft } from './late-draft.ts';
import { movedTarget } from './moved-target.ts';
import { openLanes } from './open-lanes.ts';
import { ProgressMeter } from './progress-meter.ts';
import { publishStaged } from './publish-staged.ts';
import { publishUnrecorded } from './publish-unrecorded.ts';
import { pumpTasks } from './pump-tasks.ts';
import { readsSoon } from './reads-soon.ts';
import { refuseOvertaken } from './refuse-overtaken.ts';
import { RejectBook } from './reject-book.ts';
import { RejectFile } from './reject-file.ts';
import { rejectPath } from './reject-path.ts';
import { sidecarText } from './replay-sidecar.ts';
import type { RunContext } from './run-context.ts';
import { settlePassing } from './settle-passing.ts';
import { type Recovery, settlePending } from './settle-pending.ts';
import { type SurveyedInputs, surveyInputs } from './survey-inputs.ts';
import { tellDrift } from './tell-drift.ts';
import { tellRejects } from './tell-rejects.ts';
import { openWorkbench } from './workbench.ts';

/**
 * Takes one dataset from its inputs, or from the rejects of an earlier run, to its target; a failure becomes a receipt. Only a defect
 * of its own throws.
 */
export async function runDataset(
  plan: DatasetPlan,
  context: RunContext,
  replay: DatasetReplay | null = null,
): Promise<Receipt> {
  return new DatasetRun(plan, context, replay).run();
}

/** What a dataset is loaded with. */
interface Prepared {
  readonly sink: RememberingSink;
  readonly ground: Ground;
  readonly early: EarlyThreads;
  readonly bench: EarlyBench | null;
  readonly refresh: boolean;
}

class DatasetRun {
  /** Of an incremental dataset with its range, once that is known. */
  #plan: DatasetPlan;
  readonly #context: RunContext;
  readonly #facts: DatasetFacts;
  readonly #signal: AbortSignal;
  readonly #book: RejectBook;
  readonly #replay: DatasetReplay | null;

  constructor(plan: DatasetPlan, context: RunContext, replay: DatasetReplay | null) {
    this.#plan = plan;
    this.#context = context;
    this.#replay = replay;
    this.#facts = new DatasetFacts(plan, context.run);
    this.#signal = context.options.signal;
    this.#book = new RejectBook(plan, { failFast: context.options.failFast });
    if (replay) this.#facts.replays = { run: replay.of.run, rejects: replay.of.rows.rejected, removed: 0 };
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
    const { run, options, loadedAt, stores } = this.#context;
    const rejectLimit = this.#book.taskLimit;
    const replay = this.#replay;
    // they start where the plan's own input is large
    const soon = replay === null ? this.#workers() : 1;
    await using early = await EarlyThreads.start({ plan: this.#plan, stores, loadedAt, workers: soon, rejectLimit });
    const isEarly = replay === null && incrementalOf(this.#plan) === null;
    await using bench = isEarly ? new EarlyBench(openWorkbench(this.#plan, { loadedAt, stores, workers: soon })) : null;
    const refresh = options.incremental?.kind === 'full_refresh';
    await using sink = await openSink(this.#plan, {
      stores,
      signal: this.#signal,
      refresh,
      ...(replay && { onto: replay.chain }),
    });
    this.#facts.target = sink.target;
    const claim = { sink, ledger: this.#context.ledger, run, policy: options.ifLocked };
    let recoveries: readonly Recovery[] = [];
    await using ground = Ground.begin(
      () => holdTarget(claim, { signal: this.#signal }),
      async (lock) => {
        recoveries = await this.#recover(sink, lock);
        if (replay === null) await sink.check({ signal: this.#signal });
      },
    );
    if (replay || !(await readsSoon(this.#plan, sink.target, this.#context))) await ground.ready();
    const done = replay === null ? null : await this.#admit(replay, recoveries);
    if (done) return done;
    if (replay) await sink.check({ signal: this.#signal });
    this.#plan = await boundByTable(this.#plan, { sink, early: [early, bench] }, { signal: this.#signal });
    try {
      return await this.#onGround({ sink, ground, early, bench, refresh });
    } catch (error) {
      // what kept the target from being ready is what the reader has to know
      const failure = this.#signal.aborted ? null : await ground.failure();
      throw failure === null ? error : failure.error;
    }
  }

  /** Looks at the inputs and loads them; the ground may still be made ready meanwhile. */
  async #onGround({ sink, ground, early, bench, refresh }: Prepared): Promise<Receipt> {
    const { stores } = this.#context;
    const replay = this.#replay;
    const begun = replay === null ? await this.#begin(sink) : null;
    if (begun?.done) return this.#nothingNew(begun.done);
    await using memory = this.#memory(sink);
    const before = this.#plan;
    this.#plan = await settlePassing(before, { sink, ground }, { signal: this.#signal });
    await using inputs = await this.#survey(memory, this.#plan === before ? bench : null);
    const { plan, survey, recall } = inputs;
    // what is staged and published is the final plan's; the lock is the target's
    await using follower = plan === this.#plan ? null : await openSink(plan, { stores, refresh, signal: this.#signal });
    if (follower && follower.target !== sink.target) throw movedTarget(sink, follower);
    this.#facts.take(inputs);
    if (begun) this.#facts.follow(begun.notes, endAt(plan, begun, survey), excludedBy(plan, survey, begun));
    if (replay) this.#facts.replays = replayedOf(replay, survey);
    const totalBytes = inputBytes(survey);
    this.#tell({ type: 'dataset_started', dataset: plan.dataset, bytes: totalBytes, tasks: survey.tasks.length });
    for (const message of [...recall.notes, ...survey.notes, ...(begun?.notes ?? [])])
      this.#tell({ type: 'note', dataset: plan.dataset, message });
    if (inputs.allKnown) await ground.ready();
    if (inputs.allKnown) return this.#facts.receipt('skipped');
    if (survey.empty) {
      const settled = begun?.known ? this.#nothingNew(describeNothing(begun)) : await this.#empty(ground);
      if (settled) return settled;
    }
    if (!replay && !refresh)
      await examineHeld(plan, { sink: follower ?? sink, ledger: this.#context.ledger }, { signal: this.#signal });
    return await this.#load(follower ?? sink, ground, inputs, totalBytes, early, memory);
  }

  /** Where an incremental dataset begins, which becomes its plan's range; null for any other. */
  async #begin(sink: RememberingSink): Promise<Beginning | null> {
    const { ledger, options } = this.#context;
    const about = { ledger, sink: ledger && sink, order: options.incremental ?? null, force: options.force };
    const begun = await beginAt(this.#plan, { ...about, signal: this.#signal });
    if (begun === null) return null;
    if (begun.given) await ledger?.setWatermark(begun.given);
    this.#plan = withRange(this.#plan, begun.range);
    return begun;
  }

  /** No row is new, or none is left: the watermark stays where it is. */
  #nothingNew(message: string): Receipt {
    this.#note(message);
    return this.#facts.receipt('skipped');
  }

  /** What the target remembers of inputs; null where it forgets them, or another run's rejects are the input. */
  #memory(sink: RememberingSink): ContentMemory | null {
    const { run, ledger, stores, options } = this.#context;
    if (this.#plan.destination.mode !== 'append' || ledger === null || this.#replay) return null;
    // rows of a database have no content to be known by: its watermark says what was read
    if (this.#plan.source.type === 'postgresql' || this.#plan.source.type === 'mysql') return null;
    return new ContentMemory({ run, ledger, sink, stores, force: options.force });
  }

  /** Looks at the inputs, and decides about drift by what was published last; the inputs of a replay are those of a run that did. */
  async #survey(memory: ContentMemory | null, bench: EarlyBench | null): Promise<SurveyedInputs> {
    const { ledger, loadedAt, stores } = this.#context;
    const plan = this.#plan;
    const signal = this.#signal;
    if (this.#replay) {
      const { input, of: judged } = this.#replay;
      return await surveyInputs({ plan, last: null, judged, lane: { loadedAt, stores, replay: input } }, { signal });
    }
    const last = (await ledger?.lastPublished(plan.ocs, plan.dataset)) ?? null;
    this.#facts.last = last;
    const onSurvey = (survey: Survey): void => {
      this.#facts.inputs = survey.inputs;
    };
    const message = 'on_drift is evolve: reading the inputs for what their columns hold, then for their rows';
    const onProfile = (): void => this.#tell({ type: 'note', dataset: plan.dataset, message });
    const recall = memory === null ? {} : { recall: (found: Survey['inputs']) => memory.recall(found, { signal }) };
    const inputs = await surveyInputs(
      {
        plan,
        last,
        judged: null,
        lane: { loadedAt, stores, workers: this.#workers() },
        bench,
        onSurvey,
        onProfile,
        ...recall,
      },
      { signal },
    );
    for (const event of tellDrift(plan.dataset, inputs.drift, last?.drift ?? null)) this.#tell(event);
    return inputs;
  }

  /** Before anything else: what earlier runs left open is settled, what they left behind removed. */
  async #recover(sink: RememberingSink, lock: TargetLock): Promise<readonly Recovery[]> {
    const { ledger, options } = this.#context;
    const signal = this.#signal;
    if (ledger === null) {
      await sink.clean([], { signal });
      return [];
    }
    const recoveries = await settlePending({ sink, ledger, lock, force: options.force, signal });
    for (const { dataset, message } of recoveries) this.#tell({ type: 'recovered', dataset, message });
    return recoveries;
  }

  /** Whether the rejects may be replayed; a receipt where an interrupted replay of them was settled just now. */
  async #admit(replay: DatasetReplay, recoveries: readonly Recovery[]): Promise<Receipt | null> {
    const { ledger } = this.#context;
    if (ledger === null) throw new AtlasError('ATLAS_INTERNAL', 'a replay without a ledger');
    const published = recoveries.filter(({ did }) => did !== 'abandoned').map(({ run }) => run);
    const beside = this.#plan.destination.mode === 'append';
    const done = await admitReplay(replay, { ledger, target: this.#facts.target, settled: published, beside });
    if (done === null) return null;
    const left = done.rejects.path === null ? '' : `; what remains is in ${done.rejects.path}`;
    const message = `run ${done.run} was interrupted, and is settled now: ${describeReplay(done)}${left}`;
    this.#note(message);
    this.#facts.rejectPath = done.rejects.path;
    return this.#facts.receipt('skipped');
  }

  async #load(
    sink: RememberingSink,
    ground: Ground,
    inputs: SurveyedInputs,
    totalBytes: number | null,
    early: EarlyThreads,
    memory: ContentMemory | null,
  ): Promise<Receipt> {
    const { run, stores, options } = this.#context;
    const { plan, survey } = inputs;
    const kept = { run, stateFolder: options.stateFolder, replays: this.#replay !== null };
    const sidecar = (): string => sidecarText({ run, plan, state: survey.state });
    const file = { path: rejectPath(this.#plan, kept), sidecar, stores, signal: this.#signal };
    await using rejects = plan.onError === 'reject' ? new RejectFile(file) : null;
    try {
      return await this.#loadRows(sink, ground, inputs, totalBytes, early, memory, rejects);
    } catch (error) {
      await this.#keep(rejects);
      throw error;
    }
  }

  /** Rejects are what the reader of a failed run needs; that they could not be kept is said. */
  async #keep(rejects: RejectFile | null): Promise<void> {
    const failure = await rejects?.keep();
    if (!failure) return;
    const why = failure instanceof AtlasError ? `${failure.code}: ${failure.message}` : 'a defect';
    const message = `the rejects of this run could not be kept in ${rejects?.path}: ${why}`;
    this.#facts.rejectPath = null;
    this.#note(message);
  }

  async #loadRows(
    sink: RememberingSink,
    ground: Ground,
    { plan, bench, survey }: SurveyedInputs,
    totalBytes: number | null,
    early: EarlyThreads,
    memory: ContentMemory | null,
    rejects: RejectFile | null,
  ): Promise<Receipt> {
    const facts = this.#facts;
    const signal = this.#signal;
    const { run, options, ledger, stores } = this.#context;
    const book = this.#book;
    await using draft = new LateDraft(ground.ready().then(() => sink.draft(run, { signal })));
    memory?.begin(survey.inputs, { signal });
    const rowLimit = options.sample?.rows ?? Number.POSITIVE_INFINITY;
    try {
      const writer = new DatasetWriter({ plan, tasks: survey.tasks, draft, facts, book, rejects, rowLimit, signal });
      const meter = new ProgressMeter(plan.dataset, totalBytes, options.onEvent, () => book.total);
      await using lanes = await openLanes({
        plan,
        bench,
        survey,
        loadedAt: this.#context.loadedAt,
        stores,
        early,
        workers: this.#workers(),
        rejectLimit: book.taskLimit,
        rowLimit,
        replay: this.#replay?.input ?? null,
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
    if (options.sample === null) refuseUnread(survey, facts.rowsRead);
    if (facts.rowsRead === 0) {
      const settled = await this.#empty(ground);
      if (settled) return settled;
    }
    if (this.#replay && facts.rowsWritten === 0) {
      await rejects?.discard();
      return this.#nothingGood(this.#replay);
    }
    await rejects?.sync();
    if (memory) facts.checksums = await memory.checksums();
    await bench.source.confirm(survey.inputs, { signal });
    const bytes = options.sample === null ? survey.contentBytes : null;
    const counted = options.sample === null && survey.rows !== undefined ? survey.rows + facts.rowsExcluded : null;
    account({ rows: facts.receipt('published').rows, staged: facts.rowsWritten, spans: facts.spans, bytes, counted });
    const keys = options.sample === null ? facts.judgeKeys() : null;
    if (keys !== null) this.#tell({ type: 'note', dataset: plan.dataset, message: keys });
    const lock = await ground.ready();
    if (ledger && !this.#replay) await refuseOvertaken(plan, this.#facts.last?.run ?? null, sink.target, ledger);
    const staged = await draft.stage({ signal });
    for (const message of describeReplaced(plan, staged)) this.#note(message);
    const receipt = facts.receipt('published');
    const law = { sink, kind: plan.destination.type, lock, staged, receipt, signal };
    const published = ledger === null ? await publishUnrecorded(law) : await publishStaged({ ...law, ledger });
    if (book.total > 0) this.#tell(tellRejects(plan, published, run, this.#replay !== null));
    return published;
  }

  /** Nothing was mended: the rejects stay those of the run that they were. */
  #nothingGood({ of }: DatasetReplay): Receipt {
    this.#facts.rejectPath = of.rejects.path;
    this.#facts.notes.push(`${describeReplay(this.#facts.receipt('skipped'))}; they stay in ${of.rejects.path}`);
    return this.#facts.receipt('skipped');
  }

  /** What becomes of an input without rows; null where it is to be published like any other. */
  async #empty(ground: Ground): Promise<Receipt | null> {
    await ground.ready();
    if (this.#replay) return this.#nothingGood(this.#replay);
    const note = judgeEmpty(this.#plan, this.#facts.inputs);
    if (note === null) return null;
    this.#facts.notes.push(note);
    return this.#facts.receipt('skipped');
  }

  /** A sample is read in order, by one lane. */
  #workers(): number {
    return this.#context.options.sample === null ? this.#context.workers : 1;
  }

  /** For the receipt, and for whoever looks on. */
  #note(message: string): void {
    this.#facts.notes.push(message);
    this.#tell({ type: 'note', dataset: this.#plan.dataset, message });
  }

  #tell(event: Parameters<RunContext['options']['onEvent']>[0]): void {
    this.#context.options.onEvent(event);
  }
}
