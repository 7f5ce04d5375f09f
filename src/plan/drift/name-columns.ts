/** Characters of a name that are shown. */
const SHOWN = 64;

/** A column's name as messages tell it: quoted, on one line, and not longer than a line. */
export function nameColumn(name: string): string {
  if (name === '') return 'a column without a name';
  const short = name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name;
  return `column ${JSON.stringify(short)}`;
}

/** The first of some names, and how many more there are. */
export function someOf(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
