import type { Reject } from '../../flow/reject.ts';

/** Bytes of a rejected span that are kept. */
export const KEPT_BYTES = 65_536;

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A span's bytes as they go into a reject: as text, or as base64 where they are not UTF-8; at most 64 KiB of them. Where they were
 * transcoded, length and base64 are those of the `original`.
 */
export function rejectText(
  kept: Uint8Array,
  length: number,
  original: { readonly kept: Uint8Array; readonly length: number } | null = null,
): Pick<Reject, 'length' | 'raw' | 'rawBase64' | 'truncated'> {
  const truncated = length > kept.length;
  const whole = truncated ? kept.subarray(0, wholeCharacters(kept)) : kept;
  const stored = original ?? { kept, length };
  try {
    const raw = UTF8.decode(whole);
    return { length: stored.length, raw, rawBase64: null, truncated };
  } catch {
    const rawBase64 = Buffer.from(stored.kept).toString('base64');
    return { length: stored.length, raw: null, rawBase64, truncated: stored.length > stored.kept.length };
  }
}

/** Length of UTF-8 without a character that was cut at the end. */
export function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return size > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) break;
  }
  return bytes.length;
}
