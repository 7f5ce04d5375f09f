import { AtlasError } from '../../errors.ts';
import type { Json } from '../../flow/task.ts';

/** What readers in all threads share. */
export interface PostgresState {
  /** Name of the snapshot that the coordinator exported. */
  readonly snapshot: string;
}

export function decodeState(state: Json): PostgresState {
  const { snapshot } = (state ?? {}) as { readonly [key: string]: Json };
  if (typeof snapshot !== 'string') throw new AtlasError('ATLAS_INTERNAL', 'the survey exported no snapshot');
  return { snapshot };
}

/** The condition of a task's rows, as SQL; null = all. */
export function decodeSlice(slice: Json): string | null {
  const { condition } = (slice ?? {}) as { readonly [key: string]: Json };
  if (condition === null || typeof condition === 'string') return condition;
  throw new AtlasError('ATLAS_INTERNAL', 'the slice of a task is none of PostgreSQL');
}
