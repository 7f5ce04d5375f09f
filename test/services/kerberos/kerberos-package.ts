import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { runQuietly } from '../run-quietly.ts';

const VERSION = '7.0.0';

/** What compiling it takes, besides Node and npm: `krb5-config` comes with the headers (Debian: libkrb5-dev). */
export const COMPILERS: readonly string[] = ['g++', 'make', 'python3', 'krb5-config'];

/**
 * A folder for `NODE_PATH` that holds the npm package `kerberos`: compiled once and kept outside the tree, so that `npm ci` needs no
 * compiler. It is the version that package.json names as an optional peer.
 */
export async function kerberosPackage(): Promise<string> {
  const cache = cacheFolder();
  const folder = join(cache, `kerberos-${VERSION}-${process.platform}-${process.arch}`);
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}`;
    mkdirSync(fresh);
    writeFileSync(join(fresh, 'package.json'), '{ "private": true, "allowScripts": { "kerberos": true } }\n');
    await runQuietly('npm', ['install', '--prefix', fresh, '--no-fund', '--no-audit', '-E', `kerberos@${VERSION}`]);
    try {
      renameSync(fresh, folder);
    } catch (error) {
      // Somebody else was faster.
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, 'node_modules');
}
