import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { type DatabaseJob, databaseJobEnvironment } from './database-job.ts';
import { type Command, type Measurement, measure, measureProgram, script } from './measure.ts';
import { repositoryRoot } from './subjects.ts';

/** One who reads the table. */
export interface DatabaseReader {
  readonly name: string;
  /** `limit` throws the rows away as they come. */
  readonly role: 'ours' | 'limit' | 'peer';
  /** The Parquet file that it writes, if it does. */
  readonly output: string | null;
  readonly read: () => Promise<Measurement>;
}

/** All who are compared: ours, the server's own client, ClickHouse's engine, and a loop over objects. */
export function databaseReaders(job: Omit<DatabaseJob, 'output'>): readonly DatabaseReader[] {
  const outputOf = (name: string): string => join(cacheFolder(), `${job.kind}-${name}.parquet`);
  const [ours, theirs] = [outputOf('atlas'), outputOf('clickhouse')];
  const peer = (file: string, output: string): Command => ({
    args: [script(`./peers/${file}.js`)],
    env: databaseJobEnvironment({ ...job, output }),
  });
  const loop = job.kind === 'postgresql' ? 'pg-cursor' : 'mysql2-stream';
  return [
    { ...limitOf(job), role: 'limit', output: null },
    {
      ...{ name: 'atlas-ingest', role: 'ours', output: ours },
      read: () => measure(atlasDatabaseCommand({ ...job, output: ours })),
    },
    {
      ...{ name: 'ClickHouse', role: 'peer', output: theirs },
      read: () => measure(peer('clickhouse-database', theirs)),
    },
    { name: `${loop}, objects`, role: 'peer', output: null, read: () => measure(peer(loop, '')) },
  ];
}

/** The client that came with the server: how fast rows leave it at all. */
function limitOf(job: Omit<DatabaseJob, 'output'>): Pick<DatabaseReader, 'name' | 'read'> {
  const { host, port, user, password, database, table } = job;
  const away = (words: readonly string[], env: Readonly<Record<string, string>>) => () =>
    measureProgram('sh', ['-c', 'exec "$0" "$@" > /dev/null', ...words], env);
  if (job.kind === 'postgresql') {
    const copy = `COPY ${table} TO STDOUT (FORMAT binary)`;
    const words = ['psql', '-X', '-q', '-h', host, '-p', String(port), '-U', user, '-d', database, '-c', copy];
    return { name: 'psql COPY (binary) to /dev/null', read: away(words, { PGPASSWORD: password }) };
  }
  const at = ['--no-defaults', `--host=${host}`, `--port=${port}`, `--user=${user}`, '--quick', '--batch'];
  const words = ['mariadb', ...at, '-e', `SELECT * FROM ${table}`, database];
  return { name: 'mariadb --quick --batch to /dev/null', read: away(words, { MYSQL_PWD: password }) };
}

/** The command people type, with a metadata document and state of its own beside the output. */
function atlasDatabaseCommand(job: DatabaseJob): Command {
  const { kind, host, port, user, password, database, table } = job;
  const home = `${job.output}.home`;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'metadata'), { recursive: true });
  const connections = { db: { type: kind, host, port, user, password: '${BENCH_PASSWORD}', database } };
  const dataset = {
    name: 'bench',
    source: { type: kind, connection: 'db', table, features: '*' },
    destination: { type: 'parquet', path: job.output },
  };
  const document = { version: 1, ocs: 'bench', connections, dataset_config: [dataset] };
  writeFileSync(join(home, 'metadata', 'bench.json'), JSON.stringify(document));
  const bin = join(repositoryRoot(), 'bin', 'atlas-ingest.js');
  return {
    args: [bin, 'run', '--ocs', 'bench', '--metadata', join(home, 'metadata'), '--json', '-q'],
    env: { BENCH_PASSWORD: password },
  };
}
