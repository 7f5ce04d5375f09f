import { readFileSync } from 'node:fs';
import { cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot, THREADS } from './subjects.ts';

/** The machine and the versions, in one sentence for the table's caption. */
export function machine(): string {
  const manifest = JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const version = (name: string): string => manifest.devDependencies[name] ?? manifest.dependencies[name] ?? '?';
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return (
    `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${THREADS} cores, ${gibibytes} GiB, ${type()}, ` +
    `Node ${process.versions.node}; atlas-ingest ${manifest.version}, @duckdb/node-api ${version('@duckdb/node-api')}, ` +
    `chdb ${version('chdb')}, csv-parse ${version('csv-parse')}, parquetjs-lite ${version('parquetjs-lite')}`
  );
}
