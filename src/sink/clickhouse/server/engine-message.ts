/** To the process of the embedded engine. */
export type ToEngine =
  /** Once, first. */
  | { readonly type: 'open'; readonly folder: string; readonly database: string }
  /** `session`: statements before it, see `prepareSession`. Answered by `done` or `failed`. */
  | {
      readonly type: 'run';
      readonly id: number;
      readonly sql: string;
      readonly session: readonly string[];
      readonly comment: string;
    }
  /** The same with a body: answered by `feed`, and when it has been read by `done` or `failed`. */
  | {
      readonly type: 'insert';
      readonly id: number;
      readonly sql: string;
      readonly format: string;
      readonly session: readonly string[];
      readonly comment: string;
    }
  /** The body is whole, and nobody writes any more. */
  | { readonly type: 'end'; readonly id: number }
  /** Stops a statement; of an insert, nobody writes any more. */
  | { readonly type: 'stop'; readonly id: number }
  /** Closes the engine and leaves. */
  | { readonly type: 'close' };

/** From it. */
export type FromEngine =
  | { readonly type: 'opened' }
  /** The package is not installed; or it does not load, or does not open the folder, in its words. */
  | { readonly type: 'missing' }
  | { readonly type: 'broken'; readonly reason: string }
  /** Where the body is to be written: the path of a FIFO that has a reader. */
  | { readonly type: 'feed'; readonly id: number; readonly path: string }
  | { readonly type: 'done'; readonly id: number; readonly bytes: Uint8Array }
  /** In the engine's words, which may hold data. */
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
