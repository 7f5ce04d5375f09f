import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AtlasError, type Place, type Problem } from '../errors.ts';
import type { Group } from './group-schema.ts';
import type { FileContent } from './interpolate.ts';
import { filesOfDocument } from './interpolate-document.ts';
import { suggest } from './nearest.ts';
import { parseDotEnv } from './parse-dot-env.ts';
import { parseGroup } from './parse-group.ts';
import { readDocument } from './read-document.ts';
import { SAFE_NAME } from './safe-name.ts';
import { sortProblems } from './sort-problems.ts';

export interface GroupRequest {
  readonly ocs: string;
  /** Absolute: the folder of the documents. */
  readonly metadataDir: string;
  /** Environment whose connections are laid over the shared ones (`--env`), or null. */
  readonly env: string | null;
  /** The process's environment variables; they win over `.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface LoadedGroup {
  readonly group: Group;
  /** The document, absolute. */
  readonly file: string;
  /** The folder that holds metadata/: relative paths start here. */
  readonly root: string;
  readonly warnings: readonly Problem[];
  /** Where the value at a path of the document stands (`dataset_config[0].source.path`). */
  readonly locate: (path: string) => Place;
}

/** Everything that was read, with all that is wrong; `group` is null where that is anything. */
export type GroupFindings = Omit<LoadedGroup, 'group'> & {
  readonly group: Group | null;
  readonly problems: readonly Problem[];
};

/** Most bytes of a metadata document, a `.env`, or a `${file:…}`. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Finds, reads, interpolates and validates the document of a group.
 * Throws ATLAS_META_NOT_FOUND, or one error that carries every problem (`problems`).
 */
export async function loadGroup(
  request: GroupRequest,
  options: { readonly signal?: AbortSignal } = {},
): Promise<LoadedGroup> {
  const { group, problems, ...rest } = await examineGroup(request, options);
  if (group !== null && problems.length === 0) return { group, ...rest };
  const [first] = problems;
  if (first === undefined) throw new AtlasError('ATLAS_INTERNAL', 'a document is refused without a reason');
  if (problems.length === 1) {
    throw new AtlasError(first.code, first.message, { place: first.place, hint: first.hint, problems });
  }
  const code = problems.every((problem) => problem.code === first.code) ? first.code : 'ATLAS_META_INVALID';
  throw new AtlasError(code, `${problems.length} problems in the metadata of ${request.ocs}`, {
    place: { file: rest.file },
    hint: 'Mend each at the place named.',
    problems,
  });
}

/** Like `loadGroup`, but answers what is wrong in the documents; throws only where there is no document. */
export async function examineGroup(
  request: GroupRequest,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<GroupFindings> {
  const { metadataDir, environment } = request;
  const root = dirname(metadataDir);
  const names = await listFolder(metadataDir);
  const file = join(metadataDir, findDocument(request.ocs, names, metadataDir));
  const problems: Problem[] = [];
  const read = async (path: string): Promise<string> => {
    const content = await readText(path, signal);
    if ('text' in content) return content.text;
    const hint = 'Check that it is a UTF-8 text that this user may read.';
    problems.push({ code: 'ATLAS_META_INVALID', message: content.problem, place: { file: path }, hint });
    return '';
  };
  const text = await read(file);
  if (problems.length > 0) return { group: null, file, root, problems, warnings: [], locate: () => ({ file }) };
  const layers = findConnections(request.env, names, metadataDir);
  const connections = await Promise.all(
    layers.files.map(async (name) => ({ file: join(metadataDir, name), text: await read(join(metadataDir, name)) })),
  );
  const dotEnv = join(root, '.env');
  const declared = (await listFolder(root)).includes('.env') ? parseDotEnv(await read(dotEnv), dotEnv) : null;
  const files = await readReferences([{ file, text }, ...connections], root, signal);
  const given = Object.entries(environment).filter(([, value]) => value !== undefined);
  const variables = { ...declared?.variables, ...Object.fromEntries(given) };
  const parsed = parseGroup(text, file, { variables, files, connections });
  const all = sortProblems([...problems, ...(declared?.problems ?? []), ...parsed.problems], file);
  const group = all.length === 0 ? parsed.group : null;
  const warnings = [...layers.warnings, ...parsed.warnings];
  return { group, file, root, problems: all, warnings, locate: parsed.locate };
}

async function listFolder(folder: string): Promise<readonly string[]> {
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

function findDocument(ocs: string, names: readonly string[], metadataDir: string): string {
  const found = [`${ocs}.json`, `${ocs}.jsonc`].filter((name) => names.includes(name));
  if (found.length === 1 && SAFE_NAME.test(ocs)) return found[0] ?? '';
  const place = { file: metadataDir };
  if (found.length > 1) {
    throw new AtlasError('ATLAS_META_INVALID', `${found.join(' and ')} are both there`, {
      place,
      hint: 'Keep one of them.',
    });
  }
  const groups = names.flatMap((name) => {
    const stem = /^(.+)\.jsonc?$/.exec(name)?.[1];
    return stem !== undefined && SAFE_NAME.test(stem) ? [stem] : [];
  });
  const hint = groups.length === 0 ? 'The folder holds no document.' : suggest(ocs, groups);
  throw new AtlasError('ATLAS_META_NOT_FOUND', `no ${ocs}.json or ${ocs}.jsonc in ${metadataDir}`, { place, hint });
}

/** The connection documents that count, lowest first. */
function findConnections(
  env: string | null,
  names: readonly string[],
  metadataDir: string,
): { readonly files: readonly string[]; readonly warnings: readonly Problem[] } {
  const one = (stem: string): string[] => {
    const found = [`${stem}.json`, `${stem}.jsonc`].filter((name) => names.includes(name));
    if (found.length < 2) return found;
    const message = `${found.join(' and ')} are both there`;
    throw new AtlasError('ATLAS_META_INVALID', message, { place: { file: metadataDir }, hint: 'Keep one of them.' });
  };
  const shared = one('_connections');
  if (env === null) return { files: shared, warnings: [] };
  const overlay = one(`_connections.${env}`);
  if (overlay.length > 0) return { files: [...shared, ...overlay], warnings: [] };
  const known = names.flatMap((name) => /^_connections\.(.+)\.jsonc?$/.exec(name)?.[1] ?? []);
  const message = `the environment is ${JSON.stringify(env)}, but there is no _connections.${env}.json`;
  const place = { file: metadataDir };
  if (known.length > 0) throw new AtlasError('ATLAS_META_NOT_FOUND', message, { place, hint: suggest(env, known) });
  const hint = 'Add it, or leave --env out.';
  return { files: shared, warnings: [{ code: 'ATLAS_META_NOT_FOUND', message, place, hint }] };
}

/** Reads every `${file:…}` that the documents name; relative paths start at the folder that holds metadata/. */
async function readReferences(
  documents: readonly { readonly file: string; readonly text: string }[],
  root: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, FileContent>> {
  const paths = new Set(
    documents.flatMap(({ file, text }) => {
      if (!text.includes('${file:') && !text.includes('\\u')) return [];
      const { node } = readDocument(text, file);
      return node === null ? [] : filesOfDocument(node);
    }),
  );
  const contents = new Map<string, FileContent>();
  for (const path of paths) contents.set(path, await readText(resolve(root, path), signal));
  return contents;
}

async function readText(path: string, signal: AbortSignal | undefined): Promise<FileContent> {
  try {
    const bytes = await readFile(path, signal === undefined ? {} : { signal });
    if (bytes.byteLength > MOST_BYTES) return { problem: `it has ${bytes.byteLength} bytes, at most ${MOST_BYTES}` };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TypeError) return { problem: 'it is not UTF-8' };
    return { problem: `it cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}` };
  }
}
