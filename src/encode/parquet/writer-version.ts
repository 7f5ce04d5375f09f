import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const manifest: unknown = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('atlas-ingest/package.json'), 'utf8'),
);

/** Version of this package, as files say who wrote them. */
export const WRITER_VERSION: string = (manifest as { readonly version: string }).version;
