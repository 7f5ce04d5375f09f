import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The JavaScript of the server's process: beside this file where that is compiled, else bundled into `folder`. */
export async function serverProgram(folder: string): Promise<string> {
  const compiled = fileURLToPath(new URL('./engine/serve-clickhouse.js', import.meta.url));
  if (existsSync(compiled)) return compiled;
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./engine/serve-clickhouse.ts', import.meta.url)),
    platform: 'node',
    transform: { target: 'es2022' },
    logLevel: 'warn',
  });
  const file = join(folder, 'server.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  return file;
}
