import { basename, dirname } from 'node:path';
import { AtlasError } from '../../errors.ts';
import { hiddenName } from '../../store/hidden-name.ts';
import { joinPath } from '../../store/path.ts';

const END = '.atlas-draft';
const RUN = /^[A-Za-z0-9_-]{1,80}$/;

/** Where a run's draft of a target rests: hidden, beside it (`.name.<run>.atlas-draft`). */
export function draftPath(target: string, run: string): string {
  if (!RUN.test(run))
    throw new AtlasError('ATLAS_INTERNAL', `a run id must match ${RUN}, this one is ${run.length} long`);
  return joinPath(dirname(target), hiddenName(basename(target), `.${run}${END}`));
}

/** The run whose draft of this target a file name is, or null where it is none. */
export function runOfDraft(target: string, name: string): string | null {
  const prefix = hiddenName(basename(target), '.');
  if (!name.startsWith(prefix) || !name.endsWith(END)) return null;
  const run = name.slice(prefix.length, -END.length);
  return RUN.test(run) ? run : null;
}

/** Fails where a path is not a draft of this target: nothing else is ever erased. */
export function assertDraft(target: string, draft: string): void {
  if (dirname(draft) === dirname(target) && runOfDraft(target, basename(draft)) !== null) return;
  throw new AtlasError('ATLAS_INTERNAL', `${draft} is no draft of ${target}`, { place: { file: target } });
}
