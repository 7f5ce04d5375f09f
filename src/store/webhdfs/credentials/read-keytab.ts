import { readFile } from 'node:fs/promises';
import { AtlasError } from '../../../errors.ts';

/** The principals that a keytab (MIT's format, version 2) has keys of, each once. Fails with ATLAS_HDFS_KERBEROS where there are none. */
export async function readKeytab(path: string, connection: string): Promise<readonly string[]> {
  let principals: readonly string[];
  try {
    principals = parseKeytab(await readFile(path));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'it is no keytab';
    throw new AtlasError(
      'ATLAS_HDFS_KERBEROS',
      `the keytab ${path} of connection ${connection} cannot be read: ${reason}`,
      {
        cause,
        place: { file: path },
        hint: 'Check kerberos.keytab, and that this user may read the file: klist -kt shows what is in it.',
      },
    );
  }
  if (principals.length > 0) return principals;
  throw new AtlasError('ATLAS_HDFS_KERBEROS', `the keytab ${path} of connection ${connection} holds no keys`, {
    place: { file: path },
    hint: 'Ask for a new one: kadmin -q "ktadd -k <file> <principal>".',
  });
}

/** The same of its bytes. Fails with a RangeError where they end too early, or are none of a keytab. */
export function parseKeytab(bytes: Buffer): readonly string[] {
  if (bytes.readUInt16BE(0) !== 0x0502) throw new RangeError('not a keytab of version 2');
  const found = new Set<string>();
  for (let at = 2; at + 4 <= bytes.length; ) {
    const size = bytes.readInt32BE(at);
    at += 4;
    // A hole is what a removed key leaves.
    if (size > 0) found.add(principalAt(bytes.subarray(at, at + size)));
    at += Math.abs(size);
    if (size === 0) break;
  }
  return [...found];
}

function principalAt(entry: Buffer): string {
  let at = 2;
  const text = (): string => {
    const length = entry.readUInt16BE(at);
    at += 2 + length;
    if (at > entry.length) throw new RangeError('it ends before it is whole');
    return entry.subarray(at - length, at).toString('utf8');
  };
  const realm = text();
  const parts = Array.from({ length: entry.readUInt16BE(0) }, text);
  return `${parts.join('/')}@${realm}`;
}
