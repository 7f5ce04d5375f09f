/** The way to a value in an object: its keys, the outermost first. */
export type KeyPath = readonly string[];

/** How the empty key is written. */
const EMPTY = '""';

/**
 * Reads a path of keys as people write it: keys are parted by dots; behind a backslash a dot, a backslash or a quote is a part of the
 * key; the empty key is written `""`. Total: what is wrong is answered.
 */
export function parseKeyPath(text: string): KeyPath | { readonly problem: string } {
  const keys: string[] = [];
  let key = '';
  let spelled = '';
  const end = (): boolean => {
    if (spelled === '') return false;
    keys.push(spelled === EMPTY ? '' : key);
    key = '';
    spelled = '';
    return true;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '.') {
      if (!end()) return { problem: 'a key before a dot is empty' };
      continue;
    }
    spelled += character;
    if (character !== '\\') {
      key += character;
      continue;
    }
    at += 1;
    const next = text.charAt(at);
    if (!['.', '\\', '"'].includes(next))
      return { problem: 'a backslash stands before neither a dot, a backslash nor a quote' };
    key += next;
    spelled += next;
  }
  return end() ? keys : { problem: text === '' ? 'it is empty' : 'a key after a dot is empty' };
}

/** A path of keys as `parseKeyPath` reads it: one spelling for each path. */
export function spellKeyPath(keys: KeyPath): string {
  return keys
    .map((key) => (key === '' ? EMPTY : key === EMPTY ? '\\"\\"' : key.replaceAll(/[.\\]/g, '\\$&')))
    .join('.');
}
