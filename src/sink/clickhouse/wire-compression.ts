import type { ClickhouseConnection } from '../../flow/connections.ts';
import { isThisMachine } from '../../metadata/this-machine.ts';

/** How buffers of rows are compressed on the way to a ClickHouse. `auto`: not at all where they never leave this machine, else LZ4. */
export function wireCompression(
  { folder, urls, compression }: ClickhouseConnection,
  env: NodeJS.ProcessEnv,
): 'none' | 'lz4' | 'zstd' {
  if (folder !== null) return 'none';
  if (compression !== 'auto') return compression;
  return hostsOf(urls, env).every(isThisMachine) ? 'none' : 'lz4';
}

function hostsOf(urls: readonly string[] | null, env: NodeJS.ProcessEnv): readonly string[] {
  const declared = urls ?? (env['CLICKHOUSE_URL'] ? [env['CLICKHOUSE_URL']] : null);
  if (declared === null) return [env['CLICKHOUSE_HOST'] || 'localhost'];
  return declared.map((url) => (URL.canParse(url) ? new URL(url).hostname : url));
}
