import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runQuietly } from '../run-quietly.ts';

const HADOOP = fileURLToPath(new URL('./pom.xml', import.meta.url));

/** The jars of a pom (the one beside this file) as a class path: resolved by Maven once, remembered for as long as the jars and the pom are what they were. */
export async function hadoopClassPath(pom = HADOOP): Promise<string> {
  const folder = join(process.env['ATLAS_CACHE'] ?? join(homedir(), '.cache', 'atlas-ingest'), 'services');
  mkdirSync(folder, { recursive: true });
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  const file = join(folder, `hadoop-${key}.classpath`);
  if (existsSync(file)) {
    const known = readFileSync(file, 'utf8');
    if (known.split(':').every((jar) => existsSync(jar))) return known;
  }
  const fresh = `${file}.${process.pid}`;
  await runQuietly('mvn', ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${fresh}`]);
  renameSync(fresh, file);
  return readFileSync(file, 'utf8');
}
