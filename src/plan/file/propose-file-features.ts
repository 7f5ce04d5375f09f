import type { FileColumn, FileDescription } from '../../flow/file-description.ts';
import { type Feature, featureSchema } from '../../metadata/feature-schema.ts';
import type { Templates } from '../templates.ts';

const LIST = 'List the features; `from` keeps the name in the file.';

/**
 * A feature for each column of a file (`features: "*"`); columns that none can hold, that have parts, or that cannot be told apart, are
 * noted by name. None where the file was not looked at.
 */
export function proposeFileFeatures(file: FileDescription | null, templates: Templates): readonly Feature[] {
  if (file === null) return [];
  const refuse = (message: string, hint: string, code: Parameters<Templates['refuse']>[3]): void =>
    templates.refuse('source.features', `${file.path}: ${message}`, hint, code);
  if (file.columns.length === 0) refuse('it has no columns', 'Leave it out.', 'ATLAS_PARQUET_COLUMN');
  const seen = new Set<string>();
  return file.columns.flatMap((column): readonly Feature[] => {
    const { name, type, nullable } = column;
    const problem = nameProblem(column, seen);
    seen.add(name);
    if (problem !== null) {
      refuse(problem, LIST, 'ATLAS_PARQUET_COLUMN');
      return [];
    }
    if (type !== null && !column.nested) return [featureSchema.parse({ name, type, nullable })];
    const nested = column.nested && type !== null;
    const message = `column ${JSON.stringify(name)} is ${column.what}, which ${nested ? 'a feature takes as JSON text alone' : 'no feature can hold'}`;
    const hint = `List the features${nested ? `, ${JSON.stringify(name)} as json, or leave it out` : ' without it'}.`;
    refuse(message, hint, nested ? 'ATLAS_PARQUET_NESTED' : 'ATLAS_PARQUET_UNSUPPORTED');
    return [];
  });
}

/** Why a column's name cannot be that of a feature; null where it can. */
function nameProblem({ name }: FileColumn, seen: ReadonlySet<string>): string | null {
  if (seen.has(name)) return `column ${JSON.stringify(name)} stands there twice`;
  if (name === '') return 'a column has no name';
  return /[\p{Cc}\p{Cs}]/u.test(name) ? `column ${JSON.stringify(name)} has a control character in its name` : null;
}
