import type { ErrorCode, Place } from '../../../errors.ts';

/** What became of an error on its way to another thread. */
export interface PostedError {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly place: Place;
  readonly hint: string | null;
}

/** To the thread that reads: of the turn that it opened. */
export type ToReader = { readonly turn: number } & (
  | { readonly type: 'begun'; readonly sequence: number }
  | { readonly type: 'rows'; readonly bytes: Uint8Array }
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: PostedError }
);
