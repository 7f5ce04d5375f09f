import { AtlasError } from '../../../errors.ts';

/** The path inside the file system of a name (`/x` of `hdfs://lake/x`), which must be of this connection. */
export function pathInside(name: string, connection: string): string {
  const authority = `hdfs://${connection}`;
  if (name === authority) return '/';
  if (name.startsWith(`${authority}/`)) return name.slice(authority.length);
  throw new AtlasError('ATLAS_INTERNAL', `${name} is not on ${authority}`, { place: { file: name } });
}
