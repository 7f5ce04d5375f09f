/** What one subject is asked to do: one table into one Parquet file. Passed to peers in their environment, for the password. */
export interface DatabaseJob {
  readonly kind: 'postgresql' | 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly table: string;
  readonly output: string;
  readonly threads: number;
}

/** The environment that passes a job to a peer. */
export function databaseJobEnvironment(job: DatabaseJob): Readonly<Record<string, string>> {
  return { BENCH_JOB: JSON.stringify(job), TZ: 'UTC' };
}

/** The job that a peer's process was started with. */
export function databaseJobOf(): DatabaseJob {
  return JSON.parse(process.env['BENCH_JOB'] as string) as DatabaseJob;
}
