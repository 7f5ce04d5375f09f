import { describe, expect, it } from 'vitest';
import { missingSuites, REQUIRED_SUITES } from './required-suites.ts';
import { readTree } from './tree.ts';

describe('the list of suites that must run', () => {
  it('names suites that exist', () => {
    const files = [...readTree().keys()].filter((path) => path.endsWith('.test.ts'));
    expect(REQUIRED_SUITES.filter((suite) => !files.some((file) => file.startsWith(suite)))).toEqual([]);
  });

  it('notices a suite that is gone, a file that did not run, and a skip', () => {
    const results = [
      { file: 'test/plan/a.test.ts', passed: 2, skipped: ['a › needs strace'] },
      { file: 'test/plan/b.test.ts', passed: 0, skipped: [] },
    ];
    expect(missingSuites(results, ['test/plan/a.test.ts', 'test/plan/b.test.ts'], ['test/plan/', 'test/run/'])).toEqual(
      [
        'test/run/: did not run',
        'test/plan/b.test.ts: no test of it passed',
        'test/plan/a.test.ts: skipped: a › needs strace',
      ],
    );
  });

  it('is content where everything ran', () => {
    const results = [{ file: 'test/plan/a.test.ts', passed: 1, skipped: [] }];
    expect(missingSuites(results, ['test/plan/a.test.ts'], ['test/plan/'])).toEqual([]);
  });
});
