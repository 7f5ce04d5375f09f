import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { SchemaOptions } from './command-options.ts';
import { schemaText } from './generate-files.ts';
import type { Io } from './io.ts';

/** Prints the JSON Schema of a group document, or writes it to a file. */
export async function schema(options: SchemaOptions, io: Io): Promise<number> {
  const text = schemaText();
  if (options.write === null) {
    io.stdout.write(text);
    return 0;
  }
  const path = resolve(io.cwd, options.write);
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new AtlasError('ATLAS_USAGE', `${path} cannot be written: ${(cause as NodeJS.ErrnoException).code}`, {
      cause,
      hint: 'Name a file in a folder that exists and that this user may write to.',
    });
  }
  return 0;
}
