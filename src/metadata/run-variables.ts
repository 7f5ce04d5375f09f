import { AtlasError, type Problem } from '../errors.ts';
import { nearest } from './nearest.ts';

const TOKEN = /\{\{\s*(?:'(\{\{)'\s*\}\}|([A-Za-z_][A-Za-z0-9_]*)\s*\}\})|\{\{/g;

/** Names that a run gives by itself. `tenant` and `table` only exist where an order brings them, or `--var` sets them. */
export const BUILT_IN_VARIABLES = ['ocs', 'dataset', 'tenant', 'table'] as const;

/** The names of all `{{ name }}` in a text, and whether it holds a `{{` that is none. */
export function variablesOf(text: string): { readonly names: readonly string[]; readonly malformed: boolean } {
  const names: string[] = [];
  let malformed = false;
  for (const [, literal, name] of text.matchAll(TOKEN)) {
    if (name !== undefined) names.push(name);
    else if (literal === undefined) malformed = true;
  }
  return { names, malformed };
}

/** Fills in the run variables of one text, once. Those without a value are answered in `missing` and stay empty. */
export function fillVariables(
  text: string,
  values: Readonly<Record<string, string>>,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replace(TOKEN, (whole: string, literal: string | undefined, name: string | undefined) => {
    if (literal !== undefined) return literal;
    if (name === undefined) return whole;
    if (Object.hasOwn(values, name)) return values[name] ?? '';
    missing.push(name);
    return '';
  });
  return { text: filled, missing };
}

/** Says which run variable has no value, and which there are. */
export function missingVariable(name: string, values: Readonly<Record<string, string>>): Omit<Problem, 'place'> {
  const known = Object.keys(values);
  const near = nearest(name, known);
  const meant = near === null ? '' : `Did you mean {{ ${near} }}? `;
  return {
    code: 'ATLAS_META_VARIABLE',
    message: `{{ ${name} }} has no value; known: ${known.join(', ')}`,
    hint: `${meant}Pass --var ${name}=….`,
  };
}

/** Refuses a `--var` that would hide what a run knows by itself. */
export function refuseReserved(variables: Readonly<Record<string, string>>): void {
  for (const name of ['ocs', 'dataset']) {
    if (Object.hasOwn(variables, name)) {
      throw new AtlasError('ATLAS_USAGE', `--var ${name} is set, but {{ ${name} }} is built in`, {
        hint: `Choose another name than ${BUILT_IN_VARIABLES.join(', ')}.`,
      });
    }
  }
}
