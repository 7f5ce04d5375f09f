import type { Place, Problem } from '../errors.ts';
import type { SqlText } from '../flow/sql-text.ts';
import { fillVariables, missingVariable } from '../metadata/run-variables.ts';
import { fillSql } from './table/fill-sql.ts';

/** Fills in the run variables of one dataset's texts and collects what is wrong with them. */
export class Templates {
  readonly #values: Readonly<Record<string, string>>;
  readonly #path: string;
  readonly #problems: Problem[];
  readonly #locate: (path: string) => Place;

  /** `path` is that of the dataset in its document. */
  constructor(
    values: Readonly<Record<string, string>>,
    path: string,
    problems: Problem[],
    locate: (path: string) => Place = () => ({}),
  ) {
    this.#values = values;
    this.#path = path;
    this.#problems = problems;
    this.#locate = locate;
  }

  /** The text at a path below the dataset, filled in. */
  fill(text: string, path: string): string {
    const filled = fillVariables(text, this.#values);
    for (const name of new Set(filled.missing)) {
      this.#problems.push({ ...missingVariable(name, this.#values), place: this.#placeOf(path) });
    }
    return filled.text;
  }

  /** SQL at a path below the dataset, taken apart at its run variables. */
  bind(text: string, path: string): SqlText {
    const { sql, missing } = fillSql(text, this.#values);
    for (const name of missing) {
      this.#problems.push({ ...missingVariable(name, this.#values), place: this.#placeOf(path) });
    }
    return sql;
  }

  /** Notes what is wrong with a text once it is filled in. */
  refuse(path: string, message: string, hint: string, code: Problem['code'] = 'ATLAS_META_INVALID'): void {
    this.#problems.push({ code, message, place: this.#placeOf(path), hint });
  }

  #placeOf(path: string): Place {
    const whole = `${this.#path}.${path}`;
    return { path: whole, ...this.#locate(whole) };
  }
}
