import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';

const QUOTE = 0x22;
const COMMENT = 0x23;

/** How a file is written once its wide delimiter was replaced (see `rewriteRecord`); the plan itself where it has none. */
export function dialectSeen(plan: CsvSourcePlan): CsvSourcePlan {
  if (plan.wideDelimiter === null) return plan;
  return {
    ...plan,
    quote: QUOTE,
    escape: QUOTE,
    comment: plan.comment === null ? null : COMMENT,
    trim: false,
    bareEscapes: false,
  };
}
