import type { Environment } from './interpolate.ts';

/** What a document may refer to from outside. */
export interface GroupEnvironment extends Environment {
  /** Shared connections (`_connections.json`, then `_connections.<env>.json`), each laid over the one before. */
  readonly connections: readonly { readonly file: string; readonly text: string }[];
}
