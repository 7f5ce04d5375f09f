import { AtlasError } from '../../../errors.ts';
import type { StoreChecksum, StoreOptions } from '../../store.ts';
import { type Call, type CallAnswer, jsonOf } from '../call/call.ts';
import { exchange, NoAnswer } from '../call/exchange.ts';
import { guardLocation } from '../call/guard-location.ts';
import { hdfsError } from '../call/hdfs-error.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { parseRemoteException, type RemoteException, remedyOf } from '../call/remote-exception.ts';

/** What says that there is no such operation, rather than that it went wrong. */
const UNKNOWN: ReadonlySet<string> = new Set(['UnsupportedOperationException', 'IllegalArgumentException', 'HTTP 501']);

/**
 * HDFS's own checksum of a file (GETFILECHECKSUM), or why it has none to give. A DataNode computes it from the checksums that lie beside
 * the blocks; where that breaks off it is asked again. Fails with ATLAS_HDFS_*.
 */
export async function askChecksum(
  nodes: NameNodes,
  path: string,
  options: StoreOptions,
): Promise<StoreChecksum | { readonly none: string }> {
  const call: Call = { method: 'GET', op: 'GETFILECHECKSUM', path, repeatable: true };
  const { attempts } = nodes.plan;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const first = await nodes.call(call, options, (answer) => answer);
      // A gateway answers it; a NameNode sends the question on to a DataNode, which may be another one the next time.
      const { status, location } = first;
      const to = status === 307 && location !== null ? guardLocation(call, location, first.url, nodes) : null;
      const answer = to === null ? first : await followed(nodes, call, to, attempt < attempts, options);
      if (answer !== null) return read(jsonOf(call, answer)['FileChecksum'], call);
    } catch (error) {
      options.signal.throwIfAborted();
      const unknown = unknownOperation(error);
      if (unknown === null) throw error;
      return { none: `GETFILECHECKSUM is answered with ${unknown}` };
    }
    await nodes.pause(attempt, options.signal);
  }
}

/** What a DataNode answers; null where it failed as another one, or a later moment, may not. */
async function followed(
  nodes: NameNodes,
  call: Call,
  to: URL,
  mayAskAgain: boolean,
  options: StoreOptions,
): Promise<CallAnswer | null> {
  const { ca, limits, attempts } = nodes.plan;
  try {
    const { status, text } = await exchange(to, { method: 'GET', ca, limits, signal: options.signal });
    if (status === 200) return { status, location: null, text, url: to.origin };
    const exception = parseRemoteException(text) ?? { name: `HTTP ${status}`, message: '' };
    if (mayAskAgain && mayPass(exception)) return null;
    throw hdfsError(call, nodes.plan, exception, 1);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (mayAskAgain) return null;
    throw hdfsError(call, nodes.plan, error, attempts);
  }
}

function read(answer: unknown, call: Call): StoreChecksum | { readonly none: string } {
  if (answer === null) return { none: 'HDFS has no checksum of it' };
  const { algorithm, bytes, length } = (answer ?? {}) as { algorithm?: unknown; bytes?: unknown; length?: unknown };
  const isWhole = typeof bytes === 'string' && typeof length === 'number' && bytes.length >= length * 2;
  // The bytes come in a buffer that is longer than they are.
  if (typeof algorithm === 'string' && isWhole) return { algorithm, value: bytes.slice(0, length * 2).toLowerCase() };
  throw new AtlasError('ATLAS_HDFS_PROTOCOL', `${call.op} ${call.path}: algorithm, bytes and length were expected`);
}

/** The class that an answer named, where it says that nobody knows the operation. */
function unknownOperation(error: unknown): string | null {
  const cause = error instanceof AtlasError ? error.cause : null;
  if (typeof cause !== 'object' || cause === null || cause instanceof Error || !('name' in cause)) return null;
  return typeof cause.name === 'string' && UNKNOWN.has(cause.name) ? cause.name : null;
}

function mayPass(exception: RemoteException): boolean {
  return exception.name === 'IOException' || remedyOf(exception) !== 'stop';
}
