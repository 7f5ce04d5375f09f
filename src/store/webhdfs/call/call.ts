import { AtlasError } from '../../../errors.ts';
import { reasonOf } from './exchange.ts';

/** One call to a NameNode. */
export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly op: string;
  /** With its authority, as people write it (`hdfs://lake/x`). */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Doing it twice is doing it once, so that a lost answer may be answered by asking again. */
  readonly repeatable: boolean;
}

/** An answer that is no RemoteException. */
export interface CallAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
  /** Where it came from. */
  readonly url: string;
}

/** The server may or may not have done what was asked: whoever asked must look. */
export class LostAnswer extends AtlasError {
  constructor({ op, path }: Call, cause: unknown) {
    const message = `${op} ${path}: the answer was lost, and it is not known whether it was done: ${reasonOf(cause)}`;
    super('ATLAS_HDFS_UNCERTAIN', message, { cause, place: { file: path } });
  }
}

/** The JSON object of an answer. Fails with ATLAS_HDFS_PROTOCOL. */
export function jsonOf(call: Call, { text }: CallAnswer): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The parser's own error quotes the answer, which may hold a token.
    throw protocolError(call, 'the answer is not JSON');
  }
  if (typeof parsed === 'object' && parsed !== null) return parsed as Readonly<Record<string, unknown>>;
  throw protocolError(call, 'the answer is no object of JSON');
}

/** That an answer is none of the protocol. */
export function protocolError({ op, path }: Call, what: string): AtlasError {
  return new AtlasError('ATLAS_HDFS_PROTOCOL', `${op} ${path}: ${what}`, { place: { file: path } });
}
