import type { IncrementalRange } from '../../flow/dataset-plan.ts';
import type { Json } from '../../flow/task.ts';
import type { Sql } from './sql/sql.ts';

/**
 * What a task means to a MySQL source: the n-th piece of the one result, or the rows of a condition.
 */
export type MysqlSlice =
  | { readonly kind: 'piece'; readonly piece: number }
  | { readonly kind: 'rows'; readonly condition: Sql };

export function encodeSlice(slice: MysqlSlice): Json {
  return slice as unknown as Json;
}

export function decodeSlice(slice: Json): MysqlSlice {
  return slice as unknown as MysqlSlice;
}

/** What a source in another place has to know of the survey. */
export interface MysqlState {
  /** Pieces of the one result; 0 where tasks are conditions. */
  readonly pieces: number;
  /** Where the snapshot stands in the binary log of its server; null where nobody can say. */
  readonly position: string | null;
  /** The plan's range, its end found; null where it has none. */
  readonly range: IncrementalRange | null;
}

export function encodeState(state: MysqlState): Json {
  return state as unknown as Json;
}

export function decodeState(state: Json): MysqlState {
  return state as unknown as MysqlState;
}
