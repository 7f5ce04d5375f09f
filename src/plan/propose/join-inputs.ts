import type { InputProfile } from '../../flow/profile.ts';
import type { CsvDialect } from '../../flow/sniff.ts';

/** What is known of one of several files. */
export interface JoinableInput {
  readonly dialect: CsvDialect;
  readonly profile: InputProfile;
}

/** Share of the columns of the narrower file that two files of one dataset have in common. */
const ALIKE = 0.5;

/** Why files cannot be one dataset; null where they can, with features that are null where a file lacks them. */
export function whyApart(inputs: readonly JoinableInput[]): string | null {
  const [first, ...others] = inputs;
  if (first === undefined) return null;
  for (const other of others) {
    const key = dialectDifference(first.dialect, other.dialect);
    if (key !== null) return `${first.profile.file} and ${other.profile.file} differ in ${key}`;
    const [a, b] = [first, other].map(({ profile }) => profile.columns.map(({ name }) => name));
    const [mine, theirs] = [a ?? [], b ?? []];
    const common = mine.filter((name) => theirs.includes(name)).length;
    if (common < Math.min(mine.length, theirs.length) * ALIKE) {
      return `${first.profile.file} and ${other.profile.file} have ${common} columns in common, of ${mine.length} and ${theirs.length}`;
    }
  }
  return null;
}

/** The first key in which two dialects differ; where neither has a header, their columns count by position. */
function dialectDifference(a: CsvDialect, b: CsvDialect): string | null {
  const keys = [
    'encoding',
    'delimiter',
    'rowDelimiter',
    'quote',
    'escape',
    'comment',
    'trim',
    'trailingDelimiter',
    'header',
    'skipRows',
  ] as const;
  const key = keys.find((each) => a[each] !== b[each]);
  if (key !== undefined)
    return `${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)} (${JSON.stringify(a[key])} and ${JSON.stringify(b[key])})`;
  if (a.header) return null;
  return a.columns.join('\n') === b.columns.join('\n')
    ? null
    : 'the names of their columns, without a header that the source could read';
}
