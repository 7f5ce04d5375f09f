import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../cache-folder.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { runQuietly } from '../run-quietly.ts';

const HADOOP = fileURLToPath(new URL('./pom.xml', import.meta.url));

/** The jars of a pom (the one beside this file) as a class path: resolved by Maven once, remembered for as long as the jars and the pom are what they were. */
export async function hadoopClassPath(pom = HADOOP): Promise<string> {
  const folder = cacheFolder();
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16);
  const file = join(folder, `hadoop-${key}.classpath`);
  // Maven's repository is not made for several that fill it at once.
  return known(file) ?? oneAtATime(join(folder, 'maven.lock'), async () => known(file) ?? resolved(pom, file));
}

async function resolved(pom: string, file: string): Promise<string> {
  const fresh = `${file}.${process.pid}`;
  await runQuietly('mvn', ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${fresh}`]);
  renameSync(fresh, file);
  return readFileSync(file, 'utf8');
}

/** What was resolved before, if the jars are still there. */
function known(file: string): string | null {
  if (!existsSync(file)) return null;
  const classPath = readFileSync(file, 'utf8');
  return classPath.split(':').every((jar) => existsSync(jar)) ? classPath : null;
}
