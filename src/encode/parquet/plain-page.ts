/** A page of dictionary indices of texts, kept in case the dictionary is given up. */
export interface KeptIndices {
  /** Which page of the chunk it is. */
  readonly page: number;
  readonly indices: Uint32Array;
  /** Its definition levels as they stand in front of the values. */
  readonly levels: Uint8Array;
}

/** Where each entry of a PLAIN dictionary of texts starts; the last number is its end. */
export function textOffsets(dictionary: Uint8Array): readonly number[] {
  const view = new DataView(dictionary.buffer, dictionary.byteOffset, dictionary.byteLength);
  const offsets = [0];
  for (let at = 0; at < dictionary.byteLength; ) {
    at += 4 + view.getUint32(at, true);
    offsets.push(at);
  }
  return offsets;
}

/** The page's values as PLAIN, behind its levels. */
export function plainPage(kept: KeptIndices, dictionary: Uint8Array, offsets: readonly number[]): Uint8Array {
  let size = kept.levels.byteLength;
  for (const index of kept.indices) size += offsets[index + 1]! - offsets[index]!;
  const plain = new Uint8Array(size);
  plain.set(kept.levels);
  let at = kept.levels.byteLength;
  for (const index of kept.indices) {
    const entry = dictionary.subarray(offsets[index]!, offsets[index + 1]!);
    plain.set(entry, at);
    at += entry.byteLength;
  }
  return plain;
}
