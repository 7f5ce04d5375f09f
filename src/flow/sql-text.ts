/** SQL of the document whose run variables are values: `pieces[0]`, value 0, `pieces[1]`, … They are bound, never pasted. */
export interface SqlText {
  readonly pieces: readonly string[];
  /** One fewer than pieces. */
  readonly values: readonly string[];
}
