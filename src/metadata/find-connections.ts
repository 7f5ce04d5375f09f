import { AtlasError, type Problem } from '../errors.ts';
import { suggest } from './nearest.ts';

/** The connection documents that count, lowest first. */
export function findConnections(
  env: string | null,
  names: readonly string[],
  metadataDir: string,
): { readonly files: readonly string[]; readonly warnings: readonly Problem[] } {
  const one = (stem: string): string[] => {
    const found = [`${stem}.json`, `${stem}.jsonc`].filter((name) => names.includes(name));
    if (found.length < 2) return found;
    const message = `${found.join(' and ')} are both there`;
    throw new AtlasError('ATLAS_META_INVALID', message, { place: { file: metadataDir }, hint: 'Keep one of them.' });
  };
  const shared = one('_connections');
  if (env === null) return { files: shared, warnings: [] };
  const overlay = one(`_connections.${env}`);
  if (overlay.length > 0) return { files: [...shared, ...overlay], warnings: [] };
  const known = names.flatMap((name) => /^_connections\.(.+)\.jsonc?$/.exec(name)?.[1] ?? []);
  const message = `the environment is ${JSON.stringify(env)}, but there is no _connections.${env}.json`;
  const place = { file: metadataDir };
  if (known.length > 0) throw new AtlasError('ATLAS_META_NOT_FOUND', message, { place, hint: suggest(env, known) });
  const hint = 'Add it, or leave --env out.';
  return { files: shared, warnings: [{ code: 'ATLAS_META_NOT_FOUND', message, place, hint }] };
}
