import { AtlasError } from '../../errors.ts';
import type { DatasetPlan, IncrementalPlan } from '../../flow/dataset-plan.ts';
import { describeKind } from '../../flow/describe-kind.ts';
import { comparePoints, type Point, parsePoint } from '../../flow/point.ts';
import type { Survey } from '../../flow/source.ts';
import type { ReceiptWatermark } from '../../flow/watermark.ts';
import { incrementalOf } from './begin-at.ts';
import type { Beginning } from './beginning.ts';

/**
 * What a run makes of the watermark once it has published, by the survey of its snapshot. Fails with ATLAS_STATE_NULLS where rows without
 * a value are not to be, and with ATLAS_STATE_VALUE where the greatest value is one above which nothing can ever be read.
 */
export function endAt(plan: DatasetPlan, beginning: Beginning, survey: Survey): ReceiptWatermark {
  const source = incrementalOf(plan);
  const found = survey.watermark;
  if (source === null || found === undefined) {
    throw new AtlasError('ATLAS_INTERNAL', `${plan.dataset}: the survey of ${plan.source.path} has no watermark`);
  }
  const { incremental, path } = source;
  const { column, kind, nulls } = incremental;
  if (found.nulls > 0 && nulls === 'fail') {
    const message = `${found.nulls} rows of ${path} have no value in ${column}, which the dataset follows`;
    throw new AtlasError('ATLAS_STATE_NULLS', message);
  }
  const reached = found.reached === null ? null : pointOf(found.reached, incremental);
  const { how, range, floor, before, moves } = beginning;
  const isNew = reached !== null && (how === 'full_refresh' || isAbove(reached, beginning, incremental));
  const old = how === 'full_refresh' ? null : before;
  return {
    source: beginning.source,
    path,
    column,
    kind,
    how,
    range,
    floor,
    before,
    after: moves && isNew ? found.reached : old,
    nulls: found.nulls,
  };
}

/** Rows that are left out because they have no value: counted by the server in the snapshot, never read. */
export function excludedBy(plan: DatasetPlan, survey: Survey, beginning: Beginning): number {
  const source = incrementalOf(plan);
  if (source?.incremental.nulls !== 'exclude' || beginning.how === 'backfill') return 0;
  return survey.watermark?.nulls ?? 0;
}

/** Above all that is said to have been published: with a lag, the greatest value may be an old one. */
function isAbove(reached: Point, { before, floor }: Beginning, { kind, initial }: IncrementalPlan): boolean {
  const last = before ?? initial ?? null;
  const least = last === null ? null : parsePoint(kind, last);
  if (least !== null && comparePoints(reached, least) <= 0) return false;
  const bottom = floor === null ? null : parsePoint(kind, floor);
  return bottom === null || comparePoints(reached, bottom) >= 0;
}

function pointOf(text: string, { kind, column, serverType }: IncrementalPlan): Point {
  const point = parsePoint(kind, text);
  if (point !== null) return point;
  // these are no data of people's: infinity, NaN, a zero date
  const message = `the greatest value of ${column} (${serverType}) is ${text}, above which no row can ever be new`;
  throw new AtlasError('ATLAS_STATE_VALUE', message, {
    hint: `Leave it out by a condition (where): ${describeKind(kind)} is needed.`,
  });
}
