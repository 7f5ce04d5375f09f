import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emitJsonSchema } from '../metadata/emit-json-schema.ts';
import { optionTables } from '../metadata/option-tables.ts';
import { errorTable } from './error-table.ts';

/** The text of `metadata/schema/group.schema.json`. */
export function schemaText(): string {
  return `${JSON.stringify(emitJsonSchema(), null, 2)}\n`;
}

/** A README with its reference sections (`<!-- generated:metadata -->`, `<!-- generated:errors -->`) as they are now. */
export function withReference(readme: string): string {
  return fillSection(fillSection(readme, 'metadata', optionTables()), 'errors', errorTable());
}

/** Puts text between two markers; changes nothing where they are missing. */
function fillSection(readme: string, name: string, text: string): string {
  const [begin, end] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) return readme;
  return `${readme.slice(0, from + begin.length)}\n\n${text}\n\n${readme.slice(to)}`;
}

/** Writes what is generated into the project at `root`: the JSON Schema, and the README's reference. */
export async function generateFiles(root: string): Promise<void> {
  await writeFile(join(root, 'metadata/schema/group.schema.json'), schemaText());
  const path = join(root, 'README.md');
  const readme = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (readme !== null) await writeFile(path, withReference(readme));
}
