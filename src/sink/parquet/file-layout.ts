import type { Fragment } from '../../flow/fragment.ts';

/** How fragments become one file: bytes to append, in the order they are asked for. Made anew for every file. */
export interface FileLayout {
  readonly rows: number;
  readonly rowGroups: number;
  /** What a file starts with. */
  begin(): Uint8Array;
  /** What one fragment appends. */
  place(fragment: Fragment): readonly Uint8Array[];
  /** What a file ends with. */
  end(): Uint8Array;
}

/** A file that is to go on: what its footer says, and where that begins. */
export interface WrittenFile {
  readonly footer: Uint8Array;
  readonly position: number;
}

/** Makes the layout of a new file, or of one that goes on. */
export type NewLayout = (onto?: WrittenFile) => FileLayout;
