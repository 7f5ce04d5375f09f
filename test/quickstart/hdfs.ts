import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startHadoop } from '../services/hadoop/start-hadoop.ts';

/**
 * `npm run quickstart:hdfs`: a NameNode and a DataNode on this machine, and the quickstart's data in them. `-- --keep` leaves both
 * running until Ctrl-C, for whoever wants to try more.
 */
interface Dataset {
  readonly source: { readonly path: string };
  readonly destination: { readonly path: string };
}

interface Listing {
  readonly FileStatuses: { readonly FileStatus: readonly { readonly pathSuffix: string; readonly length: number }[] };
}

const WAREHOUSE = '/warehouse';
const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });

/** The quickstart's own document, with targets on HDFS. */
function documentFor(): string {
  const { $schema: _, ...group } = JSON.parse(readFileSync('metadata/quickstart.json', 'utf8'));
  const datasets = (group.dataset_config as readonly Dataset[]).map((dataset) => ({
    ...dataset,
    source: { ...dataset.source, path: resolve(dataset.source.path) },
    destination: { ...dataset.destination, path: dataset.destination.path.replace(/^out/, `hdfs://lake${WAREHOUSE}`) },
  }));
  return JSON.stringify({ ...group, dataset_config: datasets }, null, 2);
}

function atlas(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, ['bin/atlas-ingest.js', ...args], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`atlas-ingest ${args[0]} ended with ${status}`);
}

async function untilStopped(): Promise<void> {
  const alive = setInterval(() => {}, 1 << 30);
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
  clearInterval(alive);
}

console.log('Starting a NameNode and a DataNode (the first time Maven fetches their jars) …');
const home = mkdtempSync(join(tmpdir(), 'atlas-quickstart-hdfs-'));
try {
  await using hadoop = await startHadoop();
  const metadata = join(home, 'metadata');
  mkdirSync(metadata);
  const lake = { type: 'webhdfs', url: new URL(hadoop.url).origin, user: userInfo().username };
  writeFileSync(join(metadata, '_connections.json'), JSON.stringify({ lake }, null, 2));
  writeFileSync(join(metadata, 'quickstart.json'), documentFor());
  console.log(`They are there: ${JSON.stringify({ lake })}\n`);
  atlas('run', '--ocs', 'quickstart', '--metadata', metadata);
  const answer = await fetch(`${hadoop.url}${WAREHOUSE}?op=LISTSTATUS`);
  const { FileStatuses } = (await answer.json()) as Listing;
  console.log(`\nWhat the NameNode lists in ${WAREHOUSE}:`);
  for (const { pathSuffix, length } of FileStatuses.FileStatus)
    console.log(`  ${String(length).padStart(9)}  ${pathSuffix}`);
  if (values.keep) {
    console.log(`\nBoth run until Ctrl-C. In another terminal, for example:`);
    console.log(`  node bin/atlas-ingest.js inspect hdfs://lake${WAREHOUSE}/weather.parquet --metadata ${metadata}`);
    await untilStopped();
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
