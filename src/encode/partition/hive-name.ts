/** What a null value is called (Hive, Spark and DuckDB agree). */
export const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** Longest name of a folder on common file systems, in bytes. */
const MOST_BYTES = 255;
/** What Hive escapes: control characters, and what means something in a path, a URL or a shell. */
const SPECIAL = /[\p{Cc}"#%'*/:=?\\{}[\]^]/gu;

/** One level of a Hive partition path (`year=2024`); null where the value cannot be told by a folder name. */
export function hiveName(column: string, value: string | null): string | null {
  if (value === '' || value === NULL_PARTITION) return null;
  const name = `${escapeName(column)}=${value === null ? NULL_PARTITION : escapeName(value)}`;
  return Buffer.byteLength(name) > MOST_BYTES ? null : name;
}

function escapeName(text: string): string {
  return text.replace(SPECIAL, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
