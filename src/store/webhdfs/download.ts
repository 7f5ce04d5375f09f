import { AtlasError } from '../../errors.ts';
import type { Found, StoreOptions } from '../store.ts';
import { askDataNode } from './call/ask-data-node.ts';
import type { Call } from './call/call.ts';
import { readText, reasonOf } from './call/exchange.ts';
import { hdfsError } from './call/hdfs-error.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { parseRemoteException, type RemoteException, remedyOf } from './call/remote-exception.ts';
import { lookAt } from './look-at.ts';

/** Bytes each millisecond that a DataNode which is alive gives at least. */
const LEAST_RATE = 32;

/** What a range is read of: bytes `from` to `to` (exclusive) of a path, which must be the file that was found there, if one is named. */
export interface DownloadRange {
  readonly from: number;
  readonly to: number;
  readonly found?: Found;
}

/** Reads a range into memory: all of it. Fails as `downloadStream` does. */
export async function download(
  nodes: NameNodes,
  path: string,
  range: DownloadRange,
  options: StoreOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(range.to - range.from);
  let at = 0;
  for await (const part of downloadStream(nodes, path, range, options)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * The bytes of a range in order, as they come: all of them, and no others. A connection that is cut is taken up again where it ended,
 * `attempts` times without a byte in between, once a look has said that the file is the same. Whoever takes the bytes slowly is sent them
 * slowly. Fails with ATLAS_HDFS_* where they cannot be had, and with ATLAS_INPUT_CHANGED where the file is another one.
 */
export async function* downloadStream(
  nodes: NameNodes,
  path: string,
  { from, to, found }: DownloadRange,
  options: StoreOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const { attempts } = nodes.plan;
  let at = from;
  let failed = 0;
  while (at < to) {
    const call: Call = {
      method: 'GET',
      op: 'OPEN',
      path,
      parameters: { offset: String(at), length: String(to - at) },
      repeatable: true,
    };
    try {
      for await (const part of openRange(nodes, call, options)) {
        if (at + part.length > to) throw new Error(`more than the ${to - from} bytes that were asked for`);
        at += part.length;
        failed = 0;
        yield part;
      }
      if (at === to) return;
      throw new Error(`${at - from} of ${to - from} bytes came`);
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof AtlasError) throw error;
      failed += 1;
      const cause = error instanceof Refused ? error.exception : new Error(reasonOf(error), { cause: error });
      if (failed >= attempts) throw hdfsError(call, nodes.plan, cause, attempts);
      await nodes.pause(failed, options.signal);
    }
    if (found !== undefined) await confirmSame(nodes, path, found, options);
  }
}

/** What a DataNode says that may be otherwise soon. */
class Refused extends Error {
  readonly exception: RemoteException;
  constructor(exception: RemoteException) {
    super(exception.name);
    this.exception = exception;
  }
}

/** One attempt: what a DataNode sends until it ends or breaks off. Leaving early ends the connection. */
async function* openRange(nodes: NameNodes, call: Call, options: StoreOptions): AsyncGenerator<Uint8Array, void> {
  const { limits } = nodes.plan;
  const { request, answer, expect } = await askDataNode(call, nodes, {}, options);
  try {
    expect(limits.call);
    request.end();
    const message = await answer;
    if (message.statusCode !== 200 && message.statusCode !== 206) {
      const said = parseRemoteException(await readText(message)) ?? { name: `HTTP ${message.statusCode}`, message: '' };
      throw remedyOf(said) === 'stop' ? hdfsError(call, nodes.plan, said, 1) : new Refused(said);
    }
    const parts = (message as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    // only the time that we wait for the server counts against it
    for (let [waited, got] = [0, 0]; ; ) {
      expect(Math.max(1, limits.call + got / LEAST_RATE - waited));
      const since = performance.now();
      const { done, value } = await parts.next();
      if (done) return;
      waited += performance.now() - since;
      got += value.length;
      expect(null);
      yield value;
    }
  } finally {
    request.destroy();
  }
}

async function confirmSame(nodes: NameNodes, path: string, found: Found, options: StoreOptions): Promise<void> {
  const now = await lookAt(nodes, path, options);
  if (factsOf(now) === factsOf(found)) return;
  throw new AtlasError(
    'ATLAS_INPUT_CHANGED',
    `${path} was file:length:modified ${factsOf(found)} when it was opened, and is ${factsOf(now)} now`,
    { place: { file: path } },
  );
}

function factsOf(found: Found): string {
  return found.kind === 'absent' ? 'absent' : `${found.inode}:${found.length}:${found.modified}`;
}
