/** To the process that signs in: first `begin`, then perhaps `verify`. */
export type ToSpnego =
  | { readonly type: 'begin'; readonly service: string; readonly principal: string | null }
  | { readonly type: 'verify'; readonly challenge: string };

/** From it, one for each. */
export type FromSpnego =
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'verified' }
  /** The package is not installed, or does not load. */
  | { readonly type: 'missing' | 'broken'; readonly reason: string }
  | { readonly type: 'failed'; readonly reason: string };
