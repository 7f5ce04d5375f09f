import type { Encoding } from '../../../metadata/encodings.ts';
import { type MultiByteEncoding, multiByteTables } from './multi-byte-table.ts';
import { isSingleByte, singleByteTable } from './single-byte-table.ts';
import { SingleByteTranscoder } from './single-byte-transcoder.ts';
import { TableTranscoder } from './table-transcoder.ts';
import type { Transcoder } from './transcoder.ts';
import { Utf16Transcoder } from './utf16-transcoder.ts';

/** The encodings that are transcoded; `utf-16` is one of the other two once its byte order is known. */
export type TranscodedEncoding = Exclude<Encoding, 'utf-8' | 'utf-16'>;

const known = new Map<MultiByteEncoding, Promise<Transcoder>>();

/** The transcoder of an encoding; large tables are made once and kept. */
export async function openTranscoder(encoding: TranscodedEncoding): Promise<Transcoder> {
  if (encoding === 'utf-16le') return new Utf16Transcoder('le');
  if (encoding === 'utf-16be') return new Utf16Transcoder('be');
  if (isSingleByte(encoding)) return new SingleByteTranscoder(singleByteTable(encoding));
  const made = known.get(encoding) ?? multiByteTables(encoding).then((tables) => new TableTranscoder(tables));
  known.set(encoding, made);
  return made;
}
