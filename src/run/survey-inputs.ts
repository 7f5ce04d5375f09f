import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Abortable, InputIdentity, Survey } from '../flow/source.ts';
import type { LastRun } from '../plan/drift/judge-drift.ts';
import type { LaneOptions } from '../registry.ts';
import { type Examination, examineDrift } from './examine-drift.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** The inputs of a plan, looked at, and what drift made of the plan. Owns its workbench, which is the final plan's. */
export interface SurveyedInputs extends Examination, AsyncDisposable {
  readonly bench: Workbench;
  readonly survey: Survey;
}

export interface SurveyOptions {
  readonly plan: DatasetPlan;
  /** The receipt of the run that published last, or null. */
  readonly last: LastRun | null;
  /** The run that judged the columns already, where its rejects are read again; or null. */
  readonly judged: LastRun | null;
  readonly lane: LaneOptions;
  /** Told what was found before anything is decided. */
  readonly onSurvey?: (survey: Survey) => void;
  /** Told before the inputs are read for what their columns hold. */
  readonly onProfile?: () => void;
}

/**
 * Surveys the inputs and decides about drift; where the plan has to follow it, surveys again by the plan that does.
 * Fails as `Source.survey` and `examineDrift` do, and with ATLAS_INPUT_CHANGED where the inputs are others the second time.
 */
export async function surveyInputs(options: SurveyOptions, { signal }: Abortable): Promise<SurveyedInputs> {
  const { plan, last, judged, lane } = options;
  let bench = await openWorkbench(plan, lane);
  try {
    let survey = await bench.source.survey({ signal });
    options.onSurvey?.(survey);
    const examined: Examination =
      judged === null
        ? await examineDrift(
            { plan, stores: lane.stores, source: bench.source, survey, last, onProfile: options.onProfile },
            { signal },
          )
        : { plan, columns: judged.columns ?? null, ignored: judged.ignored ?? null, drift: judged.drift ?? null };
    if (examined.plan !== plan) {
      const { inputs } = survey;
      await bench[Symbol.asyncDispose]();
      bench = await openWorkbench(examined.plan, lane);
      survey = await bench.source.survey({ signal });
      refuseOthers(inputs, survey.inputs);
    }
    return { ...examined, bench, survey, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() };
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
