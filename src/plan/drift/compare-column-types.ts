import type { ServerColumn } from '../../flow/drift.ts';

/** How columns of a table are other than they were, beside coming and going. */
export interface TypeComparison {
  readonly retyped: readonly Retyped[];
  /** Columns that could not be null and now may be. */
  readonly loosened: readonly string[];
}

/** A column whose type is another one; types as its server writes them. */
export interface Retyped {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export const NOTHING_RETYPED: TypeComparison = { retyped: [], loosened: [] };

/** Text of any length, and bytes of any length: what holds more of the same is no other type. Blank-padded text is one of its own. */
const FAMILIES: readonly RegExp[] = [
  /^(character varying|varchar|text|citext|(tiny|medium|long)text)\b/i,
  /^(bytea|varbinary|(tiny|medium|long)?blob)\b/i,
  /^enum\(/i,
  /^set\(/i,
  /^(bit varying|varbit)\b/i,
];

/** Compares columns that were there before and still are, by name. Pure. */
export function compareColumnTypes(
  before: readonly ServerColumn[] | null,
  now: readonly ServerColumn[],
): TypeComparison {
  const old = new Map((before ?? []).map((column) => [column.name, column]));
  const retyped: Retyped[] = [];
  const loosened: string[] = [];
  for (const { name, type, nullable } of now) {
    const was = old.get(name);
    if (was === undefined) continue;
    if (!isSame(was.type, type)) retyped.push({ name, before: was.type, after: type });
    if (nullable && !was.nullable) loosened.push(name);
  }
  return { retyped, loosened };
}

/** How wide MySQL shows a whole number, which newer servers no longer tell. */
const SHOWN_WIDTH = /^((?:tiny|small|medium|big)?int|year)\(\d+\)/i;

function isSame(before: string, after: string): boolean {
  const [was, is] = [before, after].map((type) => type.replace(SHOWN_WIDTH, '$1'));
  if (was === is) return true;
  if (before.endsWith(']') || after.endsWith(']')) return false;
  return FAMILIES.some((family) => family.test(before) && family.test(after));
}
