import type { Store } from '../store/store.ts';

/** A file that is open for reading at any position, wherever it rests. One read at a time. */
export interface Input extends AsyncDisposable {
  /** Whole: a local path, or the name in a store. */
  readonly path: string;
  /** Its length when it was opened. */
  readonly bytes: number;
  /** What must not change while it is read. */
  readonly identity: string;
  /** The same for all names of one file. */
  readonly inode: string;
  /**
   * Reads up to `target.length` bytes at `position`; fewer only at the end of the file. A local file answers at once.
   * Fails with ATLAS_INPUT_UNREADABLE, ATLAS_INPUT_CHANGED or ATLAS_HDFS_*.
   */
  read(target: Uint8Array, position: number): number | Promise<number>;
  /** Says that bytes will be read in order up to `to`, or a little more: one request may then bring them all. */
  readsTo(to: number): void;
}

/** How inputs are reached. */
export interface InputAccess {
  /** Where those that are not on a local disk rest; may be left out where all are. */
  readonly stores?: InputStores | undefined;
  readonly signal: AbortSignal;
}

export interface InputStores {
  /** The store of a name. Fails with ATLAS_CONNECTION_UNKNOWN. */
  of(name: string): Promise<Store>;
}
