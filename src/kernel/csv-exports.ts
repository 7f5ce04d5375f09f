/** The CSV loops: scan, cast. */
export interface CsvExports {
  readonly csvPlaceholder?: never;
}
