import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_TABLE, type ClickhouseJob } from './clickhouse-job.ts';
import { type Command, script } from './measure.ts';
import { FEATURE_TYPES, repositoryRoot } from './subjects.ts';

/** The command people type, with a metadata document and state of its own in `home`, which is emptied. */
export function atlasToClickhouse({ input, columns, folder, server }: ClickhouseJob, home: string): Command {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'metadata'), { recursive: true });
  const features = columns.map(({ name, kind }, index) => ({ name, type: FEATURE_TYPES[kind], nullable: index > 0 }));
  const olap =
    server === null
      ? { type: 'clickhouse', url: `chdb:${folder}`, database: BENCH_TABLE.database }
      : {
          type: 'clickhouse',
          url: server.url,
          database: server.database,
          user: server.user,
          password: server.password,
        };
  const dataset = {
    name: 'bench',
    source: { type: 'csv', path: input, features },
    destination: {
      type: 'clickhouse',
      connection: 'olap',
      table: BENCH_TABLE.name,
      mode: 'overwrite',
      order_by: [columns[0]?.name],
    },
  };
  const document = { version: 1, ocs: 'bench', connections: { olap }, dataset_config: [dataset] };
  writeFileSync(join(home, 'metadata', 'bench.json'), JSON.stringify(document));
  const bin = join(repositoryRoot(), 'bin', 'atlas-ingest.js');
  return { args: [bin, 'run', '--ocs', 'bench', '--metadata', join(home, 'metadata'), '--json', '-q'] };
}

/** A peer of `peers/`, asked to do a job. */
export function clickhousePeer(file: string, job: ClickhouseJob): Command {
  return { args: [script(`./peers/${file}.js`), JSON.stringify(job)] };
}
