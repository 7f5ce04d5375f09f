const NAMED = 10;

/** Names in a sentence, the first ten of them. */
export function tellNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${shown} and ${names.length - NAMED} more` : shown;
}
