/** A smaller input that still fails: pieces are left out, largest first, as long as `fails` says so. */
export async function minimise(
  bytes: Uint8Array,
  fails: (bytes: Uint8Array) => Promise<boolean>,
  tries = 3000,
): Promise<Uint8Array> {
  let smallest = bytes;
  let left = tries;
  for (let size = Math.ceil(bytes.length / 2); size >= 1 && left > 0; ) {
    let shrunk = false;
    for (let at = 0; at < smallest.length && left > 0; left -= 1) {
      const without = new Uint8Array(Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]));
      if (await fails(without)) {
        smallest = without;
        shrunk = true;
      } else at += size;
    }
    if (size === 1 && !shrunk) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
    if (size === 1 && !shrunk && smallest.length === 0) break;
  }
  return smallest;
}
