import { createHash } from 'node:crypto';

/** Longest name most file systems take, in bytes. */
const LONGEST = 255;
/** Room kept for `.` + `.<run>.atlas-draft` and the like. */
const RESERVED = 120;

/**
 * The hidden name that belongs to a target: `.<name><suffix>`. A name too long to carry a suffix is cut at a character
 * and told apart by a hash, so that every target name has room for every suffix of up to 100 bytes.
 */
export function hiddenName(name: string, suffix: string): string {
  return `.${short(name)}${suffix}`;
}

function short(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST - RESERVED) return name;
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > LONGEST - RESERVED - 17) break;
    kept += character;
  }
  return `${kept}~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}
