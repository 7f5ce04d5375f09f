import { readFileSync } from 'node:fs';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

/** Version of this package, as files say who wrote them. */
export const WRITER_VERSION: string = (manifest as { readonly version: string }).version;
