import type { TableSourcePlan } from '../../flow/dataset-plan.ts';
import { nameLogicalType } from '../../metadata/logical-type.ts';
import { describeValue } from './describe-value.ts';

/** What people should know of the columns that a plan takes from a table: what may be rejected, and what is nearest but not the same. */
export function describeTableNotes({ type: server, features, described }: TableSourcePlan): readonly string[] {
  const columns = new Map((described ?? []).map((column) => [column.name, column]));
  const names = new Map<string, string>();
  return features.flatMap(({ name, from, type, nullable, constant }) => {
    const notes: string[] = [];
    const twin = names.get(name.toLowerCase());
    names.set(name.toLowerCase(), name);
    if (twin !== undefined) notes.push(`${twin} and ${name} differ by case alone: many engines take them for one`);
    const column = constant === null ? columns.get(from) : undefined;
    if (column === undefined) return notes;
    if (column.nullable && !nullable) notes.push(`${name}: its column may be null, and a row where it is, is rejected`);
    if (type.kind === 'float' && describeValue(server, column.type)?.held.kind === 'decimal') {
      notes.push(`${name}: ${column.type.sql} becomes the nearest ${nameLogicalType(type)}`);
    }
    return notes;
  });
}
