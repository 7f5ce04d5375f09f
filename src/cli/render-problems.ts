import type { Place, Problem } from '../errors.ts';
import { pathBelow } from '../metadata/path-below.ts';
import type { Paint } from './paint.ts';

/** Problems for people, one block each: place, what is wrong, hint. */
export function renderProblems(
  problems: readonly Problem[],
  severity: 'error' | 'warning',
  paint: Paint,
  cwd: string,
): string {
  const colour = severity === 'error' ? paint.red : paint.yellow;
  return problems
    .map(({ code, message, place, hint }) => {
      const lines = [`${colour(severity)} ${paint.bold(code)}: ${message}`];
      const where = [spotOf(place, cwd), place.path ?? ''].filter((part) => part !== '').join('  ');
      if (where !== '') lines.push(`  ${paint.dim('at')}   ${where}`);
      if (hint !== '') lines.push(`  ${paint.dim('hint')} ${hint}`);
      return `${lines.join('\n')}\n`;
    })
    .join('');
}

/** A problem as JSON, with the keys of the command line's other JSON. */
export function problemJson({ code, message, place, hint }: Problem): object {
  const { file = null, line = null, column = null, path = null } = place;
  return { code, message, file, line, column, path, hint };
}

/** `file:line:column`, the file relative to the cwd where it is below it. */
function spotOf({ file, line, column }: Place, cwd: string): string {
  if (file === undefined) return '';
  const name = pathBelow(cwd, file) || file;
  return [name, line, column].filter((part) => part !== undefined).join(':');
}
