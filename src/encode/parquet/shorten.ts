const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Bytes that a UTF-8 lead byte announces; 1 for anything that is none. */
const announced = (lead: number): number => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/** Start of the last character of `bytes`, at most three bytes back. */
function lastStart(bytes: Uint8Array): number {
  let at = bytes.byteLength - 1;
  while (at > 0 && at > bytes.byteLength - 4 && isContinuation(bytes[at] as number)) at -= 1;
  return at;
}

/** A prefix without the character that the cut went through. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength === 0) return bytes;
  const start = lastStart(bytes);
  return start + announced(bytes[start] as number) > bytes.byteLength ? bytes.subarray(0, start) : bytes;
}

/** A lower bound of every value that starts with `prefix`. */
export function shortenMin(prefix: Uint8Array, text: boolean): Uint8Array {
  return text ? wholeCharacters(prefix) : prefix;
}

function nextText(prefix: Uint8Array): Uint8Array | null {
  let rest = wholeCharacters(prefix);
  while (rest.byteLength > 0) {
    const start = lastStart(rest);
    const code = Buffer.from(rest.subarray(start)).toString('utf8').codePointAt(0) ?? 0;
    if (code < 0x10ffff) {
      const next = String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1);
      return Buffer.concat([rest.subarray(0, start), Buffer.from(next, 'utf8')]);
    }
    rest = rest.subarray(0, start);
  }
  return null;
}

function nextBytes(prefix: Uint8Array): Uint8Array | null {
  let end = prefix.byteLength;
  while (end > 0 && prefix[end - 1] === 0xff) end -= 1;
  if (end === 0) return null;
  const next = prefix.slice(0, end);
  next[end - 1] = (next[end - 1] as number) + 1;
  return next;
}

/** An upper bound of every value that starts with `prefix`, valid UTF-8 if `text`; null where there is none as short. */
export function shortenMax(prefix: Uint8Array, text: boolean): Uint8Array | null {
  return text ? nextText(prefix) : nextBytes(prefix);
}
