/** The loops of profiles over a context block that the CSV scan filled (see `assembly/profile-layout.ts`). */
export interface ProfileExports {
  /** Puts a word of at most 16 bytes (16 are read) into the table of words; it must not be there yet. */
  profileWord(words: number, text: number, length: number, index: number, kind: number): void;
  /** Makes a column's zeroed counters ready. */
  profileOpen(block: number): void;
  /** Counts the fields of the rows indexed; lists those that the host must look at. */
  csvProfile(context: number, blocks: number, stride: number, declared: number, words: number): void;
}
