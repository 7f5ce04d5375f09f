import { AtlasError, type Problem } from '../errors.ts';

/** One error for all that is wrong with something: the problem itself, or one that carries them. */
export function problemsError(problems: readonly Problem[], what: string, file: string): AtlasError {
  const [first] = problems;
  if (first === undefined) return new AtlasError('ATLAS_INTERNAL', `${what} is refused without a reason`);
  if (problems.length === 1) {
    return new AtlasError(first.code, first.message, { place: first.place, hint: first.hint, problems });
  }
  const code = problems.every((problem) => problem.code === first.code) ? first.code : 'ATLAS_META_INVALID';
  return new AtlasError(code, `${problems.length} problems in ${what}`, {
    place: { file },
    hint: 'Mend each at the place named.',
    problems,
  });
}
