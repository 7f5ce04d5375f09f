import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { errnoOf } from './store-error.ts';

/** Links followed before they are taken for a loop; Linux stops at the same number. */
const MOST = 40;

/**
 * The place a path stands for. Unlike `realpath` it also answers for what does not exist: the links of the part that is
 * there are followed, a dangling one at the end included, and the missing names are kept.
 */
export async function resolveLinks(path: string): Promise<string> {
  let here = resolve(path);
  for (let followed = 0; followed < MOST; followed++) {
    try {
      return await realpath(here);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
    const parent = dirname(here);
    if (parent === here) return here;
    const folder = await resolveLinks(parent);
    const at = join(folder, basename(here));
    const link = await readlink(at).catch((error: unknown) => {
      const errno = errnoOf(error);
      if (errno === 'ENOENT' || errno === 'EINVAL' || errno === 'ENOTDIR') return null;
      throw error;
    });
    if (link === null) return at;
    here = isAbsolute(link) ? link : resolve(folder, link);
  }
  throw new Error(`more than ${MOST} symbolic links at ${path}`);
}
