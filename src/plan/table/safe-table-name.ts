/**
 * A table's name as a part of paths and of a dataset's name: letters and digits of any script, `_` and `-` stay, all else becomes `%` and
 * the hexadecimal digits of its UTF-8 bytes, so that no two names become one, none is hidden, and none leads out of a folder.
 */
export function safeTableName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}_-]/gu, percent);
  return safe.replace(/^[_-]/, percent);
}

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
