// Bundles the command, its worker thread and its processes into dist/bundle: a few files load in half the time that hundreds take.
// What loads native code stays outside.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dir = `${root}dist/bundle`;

await rm(dir, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: {
    main: 'dist/cli/main.js',
    worker: 'dist/run/worker.js',
    'engine-host': 'dist/sink/clickhouse/server/engine-host.js',
    'spnego-process': 'dist/store/webhdfs/credentials/spnego-process.js',
  },
  platform: 'node',
  external: [/^@clickhouse\/client/, /^libsql/, /^snappy/, /^@cloudpss\/zstd/, /^apache-arrow/, /^iconv-lite/],
  // jsonc-parser's `main` requires its parts by names that no bundler can follow
  resolve: { mainFields: ['module', 'main'] },
  logLevel: 'warn',
});
await bundle.write({ dir, format: 'esm', sourcemap: true, minify: 'dce-only' });
await bundle.close();
