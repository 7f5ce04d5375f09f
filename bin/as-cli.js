#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/bundle/main.js', import.meta.url);
if (existsSync(entry)) {
  const { main } = await import(entry.href);
  await main('as-cli');
} else {
  process.stderr.write(
    'error: atlas-ingest is not built yet: dist/bundle/main.js is missing.\n  Build it with: npm ci && npm run build\n',
  );
  process.exitCode = 2;
}
