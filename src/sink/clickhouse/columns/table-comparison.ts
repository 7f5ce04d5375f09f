import type { ValueRange } from '../../../flow/dataset-plan.ts';

/** Why a table is not one for the features of a plan: for the side-by-side of a message. */
export interface Disagreement {
  readonly column: string;
  /** The feature's type, and null where no feature is of that name. */
  readonly feature: string | null;
  /** The column's type, and null where there is none of that name. */
  readonly table: string | null;
  readonly why: string;
}

/** How the features of a plan and the columns of a table that is there stand to each other. */
export interface TableComparison {
  /** What keeps rows from being added; none where they can be. */
  readonly disagreements: readonly Disagreement[];
  /** What ALTER TABLE has to do before, as `evolve` allows it: `ADD COLUMN …`, `MODIFY COLUMN …`, in order. */
  readonly changes: readonly string[];
  /** What columns hold of features, where that is less than their type says, by the feature's name. */
  readonly ranges: ReadonlyMap<string, ValueRange>;
  /** For people, one sentence each: what else the table does. */
  readonly notes: readonly string[];
}
