import type { ValueRange } from '../../../flow/dataset-plan.ts';

/**
 * What a column of a table does with the values of a feature.
 *
 * - `same`: it was made for them;
 * - `fits`: it holds every one of them, exactly; with `range` those that lie in it, and the server would silently store another value for
 *   others, so that they must be kept away from it;
 * - `narrower`: it is of the same kind, and holds some of them: the server would cut others off, or wrap them;
 * - `other`: it is of another kind.
 */
export type Fit =
  | { readonly fit: 'same' }
  | { readonly fit: 'fits'; readonly range?: ValueRange }
  | { readonly fit: 'narrower' | 'other'; readonly why: string };

export const SAME: Fit = { fit: 'same' };
export const FITS: Fit = { fit: 'fits' };

export function narrower(why: string): Fit {
  return { fit: 'narrower', why };
}

export function other(why: string): Fit {
  return { fit: 'other', why };
}
