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

/** Makes the layout of a new file. */
export type NewLayout = () => FileLayout;
