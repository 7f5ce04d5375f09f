import type { NumberStyle } from './dataset-plan.ts';

/** Inputs that have the same columns in the same order. */
export interface ColumnSet {
  /** A name that stands twice is there twice; '' where a column has none. */
  readonly names: readonly string[];
  /** What rejects call the inputs, in the order in which they are read. */
  readonly inputs: readonly string[];
}

/** A column of a table as its server describes it. */
export interface ServerColumn {
  readonly name: string;
  /** As the server writes it. */
  readonly type: string;
  readonly nullable: boolean;
}

/** A feature that no document declares: `evolve` made it, for a column of the same name. Always nullable. */
export interface EvolvedFeature {
  readonly name: string;
  /** In its canonical spelling. */
  readonly type: string;
  readonly format: string | null;
  readonly style: NumberStyle | null;
}

/** A declared feature that is wider than its document says. */
export interface WidenedFeature {
  readonly name: string;
  readonly declared: string;
  readonly type: string;
}

/**
 * How the columns of the inputs differ, among themselves and from those of the last published run, and what was done about it.
 * Names are those of columns in the inputs, but for features. Survives JSON.
 */
export interface Drift {
  /** The published run that was compared with; null where there is none that knows its columns. */
  readonly since: string | null;
  /** Columns that the inputs have and that run had not, and the reverse. */
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
  /** Columns that some inputs have and others have not. */
  readonly partial: readonly string[];
  /** Columns of features that read as null in the inputs that lack them. */
  readonly missing: readonly string[];
  /** Columns of a table whose type was another then, and those that may be null since; left out where there are none. */
  readonly retyped?: readonly { readonly name: string; readonly before: string; readonly after: string }[];
  readonly loosened?: readonly string[];
  /** Features beyond the declared ones, in order; `added`: the names of those that run had not. */
  readonly evolved: readonly EvolvedFeature[];
  readonly added: readonly string[];
  readonly widened: readonly WidenedFeature[];
  /** The same in sentences, for people. */
  readonly notes: readonly string[];
}
