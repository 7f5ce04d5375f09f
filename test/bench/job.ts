import type { Column } from './variant.ts';

/** What one subject is asked to do: one CSV file into one Parquet file. Passed to peers as JSON. */
export interface Job {
  readonly input: string;
  readonly output: string;
  readonly columns: readonly Column[];
  /** Whether bad rows are to be left out (else they fail the load). */
  readonly rejects: boolean;
  readonly threads: number;
  /** Rows to take, or null for all. */
  readonly limit: number | null;
}

/** The job that a peer's process was started with. */
export function jobOf(argv: readonly string[]): Job {
  return JSON.parse(argv[2] as string) as Job;
}

/** A literal for SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
