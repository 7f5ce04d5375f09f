import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestModule } from 'vitest/node';
import { missingSuites } from './required-suites.ts';
import { readTree } from './tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where services are required (`ATLAS_REQUIRE_SERVICES=1`), fails a run that skipped a test or missed a suite. */
export class RequiredSuitesReporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = modules.map((module) => {
      const tests = [...module.children.allTests()];
      return {
        file: relative(root, module.moduleId).replaceAll('\\', '/'),
        passed: tests.filter((test) => test.result().state === 'passed').length,
        skipped: tests.filter((test) => test.result().state === 'skipped').map((test) => test.fullName),
      };
    });
    const onDisk = [...readTree(root).keys()].filter((path) => /^test\/.*\.test\.ts$/.test(path));
    const missing = missingSuites(results, onDisk);
    console.log(`\n${results.length} test files ran, of ${onDisk.length}`);
    for (const line of missing) console.error(`REQUIRED ${line}`);
    if (missing.length > 0) process.exitCode = 1;
  }
}
