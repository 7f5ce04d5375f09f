/** How one test file ended. */
export interface SuiteResult {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly passed: number;
  readonly skipped: readonly string[];
}

/** Suites whose disappearance must be noticed: a folder that no test file is in is missing, not green. */
export const REQUIRED_SUITES: readonly string[] = [
  'test/bench/',
  'test/cli/',
  'test/conformance/ledger/',
  'test/conformance/source/',
  'test/conformance/store/',
  'test/encode/',
  'test/encode/arrow/',
  'test/examples.test.ts',
  'test/fuzz/',
  'test/house/',
  'test/integrity/',
  'test/integrity/database-memory.test.ts',
  'test/integrity/database-to-hdfs.test.ts',
  'test/integrity/hdfs-failover.test.ts',
  'test/integrity/hdfs-httpfs.test.ts',
  'test/integrity/hdfs-tls.test.ts',
  'test/integrity/shared-ledger.test.ts',
  'test/judges/',
  'test/kernel/',
  'test/ledger/',
  'test/ledger/postgres/',
  'test/metadata/',
  'test/plan/',
  'test/pollution/',
  'test/properties/',
  'test/run/',
  'test/services/',
  'test/services/clickhouse/',
  'test/sink/',
  'test/source/csv/',
  'test/source/mysql/',
  'test/source/postgres/',
  'test/source/wire/',
  'test/store/',
];

/** What is wrong with a run in which everything was to run: suites that did not, files without a passed test, skips. */
export function missingSuites(
  results: readonly SuiteResult[],
  filesOnDisk: readonly string[],
  required: readonly string[] = REQUIRED_SUITES,
): readonly string[] {
  const ran = new Set(results.filter(({ passed }) => passed > 0).map(({ file }) => file));
  return [
    ...required
      .filter((suite) => ![...ran].some((file) => file.startsWith(suite)))
      .map((suite) => `${suite}: did not run`),
    ...filesOnDisk.filter((file) => !ran.has(file)).map((file) => `${file}: no test of it passed`),
    ...results.flatMap(({ file, skipped }) => skipped.map((name) => `${file}: skipped: ${name}`)),
  ];
}
