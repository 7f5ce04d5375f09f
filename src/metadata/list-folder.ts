import { readdir } from 'node:fs/promises';
import { AtlasError } from '../errors.ts';

/** The names in a folder. Fails with ATLAS_META_NOT_FOUND. */
export async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new AtlasError('ATLAS_META_NOT_FOUND', `the folder ${folder} cannot be read: ${(cause as Error).message}`, {
      cause,
      place: { file: folder },
      hint: 'Name the folder of the documents with --metadata.',
    });
  }
}
