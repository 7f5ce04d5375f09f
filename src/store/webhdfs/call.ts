import { AtlasError } from '../../errors.ts';
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
export class LostAnswer extends Error {
  readonly call: Call;
  constructor(call: Call, cause: unknown) {
    super(`the answer to ${call.op} was lost: ${reasonOf(cause)}`, { cause });
    this.call = call;
  }
}

/** The JSON of an answer. Fails with ATLAS_HDFS_PROTOCOL. */
export function jsonOf<T>(call: Call, { text }: CallAnswer): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    // The parser's own error quotes the answer, which may hold a token.
    throw new AtlasError('ATLAS_HDFS_PROTOCOL', `${call.op} ${call.path}: the answer is not JSON`);
  }
}
