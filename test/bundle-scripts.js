// Bundles the scripts that work inside the source (fuzz, pollution, hdfs-faults) into dist, two levels deep as the kernel expects, and lays what
// services are made of beside the scripts that start them.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../', import.meta.url));

for (const name of ['fuzz', 'pollution', 'hdfs-faults']) {
  const bundle = await rolldown({
    cwd: root,
    input: { main: `test/${name}/main.ts` },
    platform: 'node',
    external: (id) =>
      !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('test/') && !id.startsWith('@oxc-project/'),
    transform: { target: 'es2022' },
    logLevel: 'warn',
  });
  await bundle.write({ dir: `${root}dist/${name}`, format: 'esm', sourcemap: true });
  await bundle.close();
}

for (const service of readdirSync(`${root}test/services`)) {
  const pom = `test/services/${service}/pom.xml`;
  if (existsSync(root + pom)) cpSync(root + pom, `${root}dist/${pom}`);
}
