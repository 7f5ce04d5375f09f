import { AtlasError } from '../../../errors.ts';
import type { Encoding } from '../../../metadata/encodings.ts';
import type { TranscodedEncoding } from './open-transcoder.ts';

/** Bytes that `decideEncoding` wants to see. */
export const MARK_BYTES = 4;

const MARKS = [
  { name: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { name: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { name: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { name: 'utf-16le', bytes: [0xff, 0xfe] },
  { name: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

/**
 * The encoding that a file declared as another than UTF-8 has: the declared one, which its byte order mark may not contradict; for
 * `utf-16` the one that its mark names. `head`: its first bytes. Fails with ATLAS_CSV_ENCODING.
 */
export function decideEncoding(
  declared: Exclude<Encoding, 'utf-8'>,
  head: Uint8Array,
  path: string,
): TranscodedEncoding {
  const found = MARKS.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.name ?? null;
  const refuse = (reason: string, hint: string): never => {
    throw new AtlasError('ATLAS_CSV_ENCODING', `${path}: ${reason}`, { place: { file: path, line: 1 }, hint });
  };
  if (found === 'utf-32le' || found === 'utf-32be') {
    return refuse(
      `the file starts with the byte order mark of ${found}, encoding is ${declared}`,
      'Convert the file to UTF-8: UTF-32 cannot be read.',
    );
  }
  if (declared === 'utf-16') {
    if (found === 'utf-16le' || found === 'utf-16be') return found;
    // An empty file has nothing to be misread.
    if (head.length === 0) return 'utf-16le';
    if (found === null) {
      return refuse(
        'encoding is utf-16, but the file has no byte order mark that tells its byte order',
        'Set encoding to utf-16le or utf-16be.',
      );
    }
  } else if (found === null || found === declared) {
    return declared;
  }
  return refuse(
    `the file starts with the byte order mark of ${found}, encoding is ${declared}`,
    `Set encoding to ${found}.`,
  );
}
