import { describe, expect, it } from 'vitest';
import type { Survey } from '../../src/flow/source.ts';
import { explainPlan } from '../../src/plan/explain-plan.ts';
import { type Parts, planned } from './planned.ts';

const explain = (parts: Parts, survey: Survey | null = null) => {
  const lines = explainPlan(planned(parts), survey);
  expect(lines.at(-1)).toMatch(/^ {2}plan {9}[0-9a-f]{64}$/);
  return lines.slice(0, -1);
};

describe('a plan in words', () => {
  it('the smallest', () => {
    expect(explain({})).toEqual([
      'a: csv to parquet',
      '  source       in/a.csv: CSV, delimiter ",", quote "\\"" (doubled inside), a header',
      '  features     x  int64',
      '  destination  out/a.parquet: one Parquet file, snappy, overwrite',
      '  row groups   at most 1,048,576 rows and 67,108,864 bytes of values; one or more per 33,554,432 bytes of input',
      '  bad rows     fail: one bad row, and nothing is published',
      '  empty input  fail',
      '  drift        fail: columns that differ between files or from the last run, and nothing is published',
      '  note         readers see the old file, whole, until one rename replaces it',
    ]);
  });

  it('every part of a dialect that is out of the ordinary', () => {
    const dialect = (source: object) => explain({ source }).find((line) => line.startsWith('  source')) ?? '';
    const common = { encoding: 'latin1', comment: '#', trim: true, trailing_delimiter: true, repeated_header: 'skip' };
    expect(dialect({ ...common, delimiter: '||' })).toContain(
      'delimiter "||", quote "\\"" (doubled inside), a header, latin1, a delimiter after each row, comments after "#", trimmed, repeated headers: skip',
    );
    expect(dialect({ quote: null, escape: '\\', row_delimiter: '\u001e' })).toContain(
      'no quoting, a header, backslash escapes, rows end with "\\u001e"',
    );
    expect(explain({ source: { delimiter: '¶' } }).filter((line) => line.includes('several bytes')).length).toBe(1);
  });

  it('everything', () => {
    const source = {
      path: '-',
      delimiter: '\t',
      quote: "'",
      escape: '\\',
      header: false,
      columns: ['x', 'y', 'z', 'r'],
      skip_rows: 2,
      compression: 'gzip',
      features: [
        { name: 'x', type: 'decimal(9,2)', nullable: false, on_loss: 'round' },
        { name: 'day', type: 'date', from: 'y', format: '%d/%m/%Y' },
        { name: 'when', type: 'timestamptz(ns)', from: 'z', timezone: 'Asia/Tokyo' },
        { name: 'r', type: 'timestamp' },
        { name: 'file', type: 'string', value: '@file' },
        { name: 'tag', type: 'string', value: 'secret', sensitive: true },
        { name: 'run', type: 'string', value: '{{ ds }}' },
        { name: 'at', type: 'timestamptz', value: '@loaded_at' },
        { name: 't', type: 'time(ns)', value: '12:00' },
      ],
    };
    const destination = {
      path: '/lake/out/',
      compression: 'zstd',
      compression_level: 7,
      encodings: 'compatible',
      mode: 'error_if_exists',
      partition_by: ['day', 'run'],
      max_rows_per_file: 1_000_000,
    };
    const dataset = { on_error: 'reject', max_rejects: '0.07%', rejects: 'bad.jsonl', on_empty: 'skip' };
    expect(explain({ source, destination, dataset, variables: { ds: '2024' } })).toEqual([
      'a: csv to parquet',
      `  source       standard input: CSV, delimiter "\\t", quote "'", escape "\\\\", no header, 4 columns, 2 lines skipped, gzip`,
      '  features     x     decimal(9,2)     not null, on loss round',
      '               day   date             from "y", read as %d/%m/%Y',
      '               when  timestamptz(ns)  from "z", Asia/Tokyo',
      '               r     timestamp(s)',
      '               file  string           = @file',
      '               tag   string           = (masked), sensitive',
      '               run   string           = "2024"',
      '               at    timestamptz(us)  = @loaded_at',
      '               t     time(ns)         = "12:00"',
      '  destination  /lake/out: a folder of Parquet files, zstd level 7, encodings for old readers, error_if_exists',
      '  row groups   at most 1,048,576 rows and 67,108,864 bytes of values; one or more per 33,554,432 bytes of input',
      '  partitions   day=…/run=…/',
      '  files        at most 1,000,000 rows each',
      '  bad rows     set aside, up to 0.07 % of the rows, in /project/bad.jsonl',
      '  empty input  skip',
      '  drift        fail: columns that differ between files or from the last run, and nothing is published',
      '  note         readers see no folder until one rename makes all of it appear; a folder that is not empty is refused',
      '  note         a replay of its rejects adds files one by one, the manifest last: readers may see some before all',
      '  note         lossy: a value of x that decimal(9,2) cannot hold is rounded',
      '  note         when: nanoseconds are not readable everywhere (Spark, Athena); us is',
      '  note         r: Parquet has no seconds, so timestamp(s) is stored in milliseconds',
      '  note         at: holds the start of the run, so no two runs make the same bytes',
      '  note         t: times in nanoseconds are not readable everywhere; us is',
      '  note         standard input is read once and from one thread',
      '  note         day, run: in the names of folders, not in the files (Hive layout)',
    ]);
  });

  it('with what is there to read', () => {
    const survey: Survey = {
      inputs: [
        { path: '/project/in/a.csv', bytes: 1500, identity: 'x' },
        { path: '/project/in/b.csv', bytes: 0, identity: 'y' },
      ],
      tasks: [],
      state: null,
      notes: ['b.csv is empty'],
      empty: true,
      ignored: [],
      columns: [],
      contentBytes: null,
    };
    const lines = explain({}, survey);
    expect(lines[2]).toBe('  input        2 files, 1,500 bytes, 0 tasks, no rows');
    expect(lines.at(-1)).toBe('  note         b.csv is empty');
  });
});
