import { dirname, join } from 'node:path';
import { AtlasError, type Place, type Problem } from '../errors.ts';
import type { Group } from './group-schema.ts';
import { listFolder } from './list-folder.ts';
import { suggest } from './nearest.ts';
import { parseGroup } from './parse-group.ts';
import { problemsError } from './problems-error.ts';
import { type EnvironmentRequest, readEnvironment, unreadable } from './read-environment.ts';
import { readText } from './read-text.ts';
import { SAFE_NAME } from './safe-name.ts';
import { sortProblems } from './sort-problems.ts';

export interface GroupRequest extends EnvironmentRequest {
  readonly ocs: string;
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
  throw problemsError(problems, `the metadata of ${request.ocs}`, rest.file);
}

/** Like `loadGroup`, but answers what is wrong in the documents; throws only where there is no document. */
export async function examineGroup(
  request: GroupRequest,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<GroupFindings> {
  const { metadataDir } = request;
  const root = dirname(metadataDir);
  const file = join(metadataDir, findDocument(request.ocs, await listFolder(metadataDir), metadataDir));
  const content = await readText(file, signal);
  if (!('text' in content)) {
    return {
      group: null,
      file,
      root,
      problems: [unreadable(file, content.problem)],
      warnings: [],
      locate: () => ({ file }),
    };
  }
  const { text } = content;
  const around = await readEnvironment(request, { file, text }, signal);
  const parsed = parseGroup(text, file, around.environment);
  const problems = sortProblems([...around.problems, ...parsed.problems], file);
  const group = problems.length === 0 ? parsed.group : null;
  return { group, file, root, problems, warnings: [...around.warnings, ...parsed.warnings], locate: parsed.locate };
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
