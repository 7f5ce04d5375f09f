import { AtlasError } from '../../../errors.ts';
import { type Call, jsonOf, protocolError } from '../call/call.ts';
import type { NameNodes } from '../call/name-nodes.ts';

/** A GET operation on a name, and the key of its answer. */
export interface Question {
  readonly op: string;
  readonly path: string;
  readonly key: string;
}

/** What stands under the key of an answer. Fails with ATLAS_HDFS_*. */
export function askServer<T>(nodes: NameNodes, { op, path, key }: Question, signal: AbortSignal): Promise<T> {
  const call: Call = { method: 'GET', op, path, repeatable: true };
  return nodes.call(call, { signal }, (answer) => {
    const value = jsonOf(call, answer)[key];
    if (value !== undefined && value !== null) return value as T;
    throw protocolError(call, `the answer lacks ${key}`);
  });
}

/** The class that a server threw (`StandbyException`), or null where an error has another cause. */
export function thrownBy(error: unknown): string | null {
  if (!(error instanceof AtlasError)) throw error;
  const { cause } = error as { readonly cause?: { readonly name?: unknown } };
  return typeof cause === 'object' && cause !== null && !(cause instanceof Error) && typeof cause.name === 'string'
    ? cause.name
    : null;
}

/** Whether an error says that this server does not know the operation. */
export function isUnknownOperation(error: unknown): boolean {
  const name = thrownBy(error);
  return name === 'UnsupportedOperationException' || name === 'IllegalArgumentException' || name === 'HTTP 400';
}
