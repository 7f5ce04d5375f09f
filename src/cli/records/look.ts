import type { Abortable } from '../../flow/source.ts';
import type { Stores } from '../../registry.ts';

/** What looking at a file needs. */
export interface Look extends Abortable {
  readonly stores: Stores;
  /** Absolute: the folder of the project. */
  readonly root: string;
}
