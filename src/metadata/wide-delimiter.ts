/** Whether a delimiter is more than one byte: several characters, or one that is not ASCII. Such files are read another way. */
export function isWideDelimiter(delimiter: string): boolean {
  return delimiter.length > 1 || delimiter > '\u007f';
}

/**
 * What parts the fields once a wide delimiter was replaced: the unit separator. A field that holds one is quoted then, so that it is
 * no other; only an unquoted null spelling could not be.
 */
export const WIDE_STAND_IN = '\u001f';
