import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Abortable, InputIdentity, Survey } from '../flow/source.ts';
import type { LastRun } from '../plan/drift/judge-drift.ts';
import type { LaneOptions } from '../registry.ts';
import type { Recall } from './content-memory.ts';
import type { EarlyBench } from './early-bench.ts';
import { type Examination, examineDrift } from './examine-drift.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The inputs of a plan, looked at, and what drift made of the plan. Owns its workbench, which is the final plan's. */
export interface SurveyedInputs extends Examination, AsyncDisposable {
  readonly bench: Workbench;
  /** Of the inputs that are to be read. */
  readonly survey: Survey;
  readonly recall: Recall;
  /** Nothing is left to read. */
  readonly allKnown: boolean;
}

export interface SurveyOptions {
  readonly plan: DatasetPlan;
  /** The receipt of the run that published last, or null. */
  readonly last: LastRun | null;
  /** The run that judged the columns already, where its rejects are read again; or null. */
  readonly judged: LastRun | null;
  readonly lane: LaneOptions;
  /** A workbench of `plan` that is being opened already; it is taken. */
  readonly bench?: EarlyBench | null;
  /** Told what was found before anything is decided. */
  readonly onSurvey?: (survey: Survey) => void;
  /** Told before the inputs are read for what their columns hold. */
  readonly onProfile?: () => void;
  /** Says which inputs are not read, by what is known of their content. */
  readonly recall?: (inputs: readonly InputIdentity[]) => Promise<Recall>;
}

const NOTHING: Recall = { skipped: [], notes: [] };

/**
 * Surveys the inputs, leaves out those that are known, and decides about drift; where the plan has to follow it, surveys again by the
 * plan that does.
 * Fails as `Source.survey` and `examineDrift` do, and with ATLAS_INPUT_CHANGED where the inputs are others the second time.
 */
export async function surveyInputs(options: SurveyOptions, { signal }: Abortable): Promise<SurveyedInputs> {
  const { last, judged, lane } = options;
  let { plan } = options;
  let bench = await (options.bench?.take() ?? openWorkbench(plan, lane));
  const again = async (by: DatasetPlan, expected: readonly InputIdentity[]): Promise<Survey> => {
    await bench[Symbol.asyncDispose]();
    bench = await openWorkbench(by, lane);
    const now = await bench.source.survey({ signal });
    refuseOthers(expected, now.inputs);
    return now;
  };
  const owned = { [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
  try {
    let survey = await bench.source.survey({ signal });
    options.onSurvey?.(survey);
    const recall = (await options.recall?.(survey.inputs)) ?? NOTHING;
    const known = new Set(recall.skipped.map(({ path }) => path));
    if (known.size > 0) {
      const { inputs } = survey;
      await bench.source.confirm(
        inputs.filter(({ path }) => known.has(path)),
        { signal },
      );
      if (known.size === inputs.length) {
        return { plan, columns: null, ignored: null, drift: null, bench, survey, recall, allKnown: true, ...owned };
      }
      plan = { ...plan, source: { ...plan.source, except: [...known] } };
      survey = await again(
        plan,
        inputs.filter(({ path }) => !known.has(path)),
      );
    }
    const examined: Examination =
      judged === null
        ? await examineDrift(
            { plan, stores: lane.stores, source: bench.source, survey, last, onProfile: options.onProfile },
            { signal },
          )
        : { plan, columns: judged.columns ?? null, ignored: judged.ignored ?? null, drift: judged.drift ?? null };
    if (examined.plan !== plan) survey = await again(examined.plan, survey.inputs);
    return { ...examined, bench, survey, recall, allKnown: false, ...owned };
  } catch (error) {
    await bench[Symbol.asyncDispose]();
    throw error;
  }
}

function refuseOthers(before: readonly InputIdentity[], now: readonly InputIdentity[]): void {
  const known = new Map(before.map(({ path, identity }) => [path, identity]));
  const other = now.find(({ path, identity }) => known.get(path) !== identity) ?? before[now.length];
  if (other === undefined && before.length === now.length) return;
  throw new AtlasError(
    'ATLAS_INPUT_CHANGED',
    `${other?.path ?? 'an input'} is not what it was before its columns were looked at (${before.length} inputs then, ${now.length} now)`,
    other === undefined ? {} : { place: { file: other.path } },
  );
}
