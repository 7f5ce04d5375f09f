import { dirname, join } from 'node:path';
import type { Problem } from '../errors.ts';
import { findConnections } from './find-connections.ts';
import type { GroupEnvironment } from './group-environment.ts';
import { listFolder } from './list-folder.ts';
import { parseDotEnv } from './parse-dot-env.ts';
import { readReferences } from './read-references.ts';
import { readText } from './read-text.ts';

export interface EnvironmentRequest {
  /** Absolute: the folder of the documents. */
  readonly metadataDir: string;
  /** Environment whose connections are laid over the shared ones (`--env`), or null. */
  readonly env: string | null;
  /** The process's environment variables; they win over `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Reads what stands around a document: shared connections, `.env`, and every `${file:…}`. */
export async function readEnvironment(
  { metadataDir, env, environment }: EnvironmentRequest,
  document: { readonly file: string; readonly text: string } | null,
  signal: AbortSignal | undefined,
): Promise<{
  readonly environment: GroupEnvironment;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}> {
  const root = dirname(metadataDir);
  const problems: Problem[] = [];
  const read = async (path: string): Promise<string> => {
    const content = await readText(path, signal);
    if ('text' in content) return content.text;
    problems.push(unreadable(path, content.problem));
    return '';
  };
  const layers = findConnections(env, await listFolder(metadataDir), metadataDir);
  const connections = await Promise.all(
    layers.files.map(async (name) => ({ file: join(metadataDir, name), text: await read(join(metadataDir, name)) })),
  );
  const dotEnv = join(root, '.env');
  const declared = (await listFolder(root)).includes('.env') ? parseDotEnv(await read(dotEnv), dotEnv) : null;
  problems.push(...(declared?.problems ?? []));
  const files = await readReferences(document === null ? connections : [document, ...connections], root, signal);
  const given = Object.entries(environment).filter(([, value]) => value !== undefined);
  const variables = { ...declared?.variables, ...Object.fromEntries(given) };
  return { environment: { variables, files, connections }, problems, warnings: layers.warnings };
}

/** A document that cannot be read. */
export function unreadable(file: string, message: string): Problem {
  const hint = 'Check that it is a UTF-8 text that this user may read.';
  return { code: 'ATLAS_META_INVALID', message, place: { file }, hint };
}
