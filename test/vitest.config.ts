import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { RequiredSuitesReporter } from './house/required-suites-reporter.ts';

const required = process.env['ATLAS_REQUIRE_SERVICES'] === '1' ? [new RequiredSuitesReporter()] : [];

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/services/broker/serve-services.ts'],
    teardownTimeout: 60_000,
    testTimeout: 60_000,
    pool: 'forks',
    // one more than there are cores: many tests wait for a server
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', ...required],
  },
});
