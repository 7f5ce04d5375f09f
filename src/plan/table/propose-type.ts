import type { ServerType } from '../../flow/table-description.ts';

const TYPES: Readonly<Record<string, string>> = {
  smallint: 'int16',
  integer: 'int32',
  bigint: 'bigint',
  text: 'string',
  varchar: 'string',
};

/** The narrowest logical type that holds every value of a server's type exactly, as features are written; null where there is none. */
export function proposeType(_type: 'postgresql' | 'mysql', { name, kind }: ServerType): string | null {
  if (kind === 'range' || kind === 'composite' || kind === 'other') return null;
  if (kind === 'array') return 'json';
  return kind === 'base' ? (TYPES[name] ?? null) : 'string';
}
