import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Characters of a piece: parameters travel in the URL of a request, which servers bound. */
const PIECE = 24_000;

/** A text, compressed, in pieces of plain letters that are short enough for a parameter; each says how many there are. */
export function packText(text: string): readonly string[] {
  const packed = deflateRawSync(text).toString('base64url');
  const count = Math.max(1, Math.ceil(packed.length / PIECE));
  return Array.from({ length: count }, (_, index) => `${count}:${packed.slice(index * PIECE, (index + 1) * PIECE)}`);
}

/** The text of all of its pieces, in order; null where some are missing, or they do not fit together. */
export function unpackText(pieces: readonly string[]): string | null {
  const count = Number(/^(\d+):/.exec(pieces[0] ?? '')?.[1] ?? 0);
  if (count === 0 || pieces.length !== count) return null;
  const packed = pieces.map((piece) => piece.slice(piece.indexOf(':') + 1)).join('');
  try {
    return inflateRawSync(Buffer.from(packed, 'base64url')).toString('utf8');
  } catch {
    return null;
  }
}
