import { type Dirent, readdir, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { AtlasError } from '../errors.ts';
import { isRemote } from '../store/path.ts';
import { hiddenParts } from './hidden-parts.ts';
import type { InputAccess } from './input.ts';
import { listStoredInputs } from './list-stored-inputs.ts';

/** The path that means standard input. */
export const STDIN = '-';

/**
 * The absolute paths, or names in a store, that a source path names, sorted bytewise: one file, those that a glob matches (hidden ones only where the
 * pattern itself says so), or `-`. An existing file whose very name holds glob characters wins over the glob.
 * A part of the path that equals `root` is never read as a pattern.
 * Things that match but cannot be read (a FIFO, a dangling link) are listed, so that opening them says so.
 * Fails with ATLAS_INPUT_NOT_FOUND.
 */
export async function listInputs(path: string, root: string, access: InputAccess): Promise<readonly string[]> {
  if (path === STDIN) return [STDIN];
  return sorted(isRemote(path) ? await listStoredInputs(path, access) : await listFiles(path, root, access));
}

async function listFiles(path: string, root: string, { signal }: InputAccess): Promise<readonly string[]> {
  if (!isDynamicPattern(path)) return [path];
  if (await exists(path)) return [path];
  const inside = path.startsWith(`${root}/`);
  const pattern = inside ? path.slice(root.length + 1) : path;
  let failed: NodeJS.ErrnoException | null = null;
  const listing = readdirWithStrays((error) => {
    failed ??= error;
  });
  const found = await glob(pattern, {
    ...(inside ? { cwd: root } : {}),
    absolute: true,
    dot: false,
    expandDirectories: false,
    fs: { readdir: listing },
    signal,
  });
  signal.throwIfAborted();
  if (failed !== null) throw unlisted(failed);
  const kept = found.filter((each) => hiddenParts(inside ? each.slice(root.length) : each) <= hiddenParts(pattern));
  if (kept.length === 0) {
    throw new AtlasError('ATLAS_INPUT_NOT_FOUND', `no file matches ${path}`, { place: { file: path } });
  }
  return kept;
}

function sorted(names: readonly string[]): readonly string[] {
  return names
    .map((each) => Buffer.from(each))
    .sort(Buffer.compare)
    .map((each) => each.toString());
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

type Listed = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** What becomes of a folder that is there and that nobody may list: its files are not left out. */
function unlisted(cause: NodeJS.ErrnoException): AtlasError {
  const message = `the folder ${cause.path} could not be listed: ${cause.code}`;
  return new AtlasError('ATLAS_INPUT_UNREADABLE', message, { cause, place: { file: cause.path ?? '' } });
}

/** `readdir`, but what is neither file, folder nor a link that leads somewhere passes for a file instead of being left out. */
const readdirWithStrays = (onFailure: (error: NodeJS.ErrnoException) => void): typeof readdir =>
  ((path: string, options: { withFileTypes: true }, done: Listed) => {
    readdir(path, options, (error, entries) => {
      if (error) {
        if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') onFailure(error);
        return done(error, entries);
      }
      for (const entry of entries) {
        const leads =
          entry.isSymbolicLink() && statSync(join(path, entry.name), { throwIfNoEntry: false }) !== undefined;
        if (entry.isFile() || entry.isDirectory() || leads) continue;
        entry.isSymbolicLink = () => false;
        entry.isFile = () => true;
      }
      done(null, entries);
    });
  }) as unknown as typeof readdir;
