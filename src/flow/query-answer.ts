/** What a ClickHouse answered to a statement, all of it. */
export interface QueryAnswer {
  /** Types as the server writes them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /**
   * Parallel to the columns. Integers of 64 bits and more and decimals are text; so are NaN and infinities (`nan`, `inf`). Text that is not
   * valid UTF-8 is its bytes.
   */
  readonly rows: readonly (readonly unknown[])[];
}
