// Compiles the AssemblyScript kernel to dist/kernel/kernel.wasm, unless its sources are those it was last compiled from.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const assembly = `${root}src/kernel/assembly/`;
const stamp = `${root}dist/kernel/kernel.wasm.sources`;

const hash = createHash('sha256');
for (const name of ['node_modules/assemblyscript/package.json', 'src/kernel/asconfig.json'])
  hash.update(readFileSync(root + name));
for (const name of readdirSync(assembly).sort()) hash.update(name).update(readFileSync(assembly + name));
const sources = hash.digest('hex');

if (lastBuilt() !== sources) {
  const { default: asc } = await import('assemblyscript/asc');
  const config = ['--config', `${root}src/kernel/asconfig.json`, '--target', 'release'];
  const { error } = await asc.main(config, { stdout: process.stdout, stderr: process.stderr });
  if (error) process.exit(1);
  mkdirSync(`${root}dist/kernel`, { recursive: true });
  writeFileSync(stamp, sources);
}

function lastBuilt() {
  try {
    readFileSync(`${root}dist/kernel/kernel.wasm`);
    return readFileSync(stamp, 'utf8');
  } catch {
    return null;
  }
}
