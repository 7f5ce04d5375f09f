import { AtlasError } from '../../errors.ts';
import type { Call } from './call.ts';
import { beginRequest, readText, reasonOf } from './exchange.ts';
import { guardLocation } from './guard-location.ts';
import { hdfsError } from './hdfs-error.ts';
import type { NameNodes } from './name-nodes.ts';
import { parseRemoteException } from './remote-exception.ts';

/** Reads `length` bytes from `from` on: all of them. Fails with ATLAS_HDFS_* or ATLAS_INPUT_UNREADABLE where fewer came. */
export async function download(
  nodes: NameNodes,
  path: string,
  from: number,
  length: number,
  { signal }: { readonly signal: AbortSignal },
): Promise<Uint8Array<ArrayBuffer>> {
  const call: Call = {
    method: 'GET',
    op: 'OPEN',
    path,
    parameters: { offset: String(from), length: String(length) },
    repeatable: true,
  };
  const { attempts, ca, limits } = nodes.plan;
  let last: unknown = null;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const { location, url } = await nodes.call(call, { signal });
    const { request, answer } = beginRequest(guardLocation(call, location, url, nodes), {
      method: 'GET',
      ca,
      limits,
      signal,
    });
    request.end();
    try {
      const message = await answer;
      if (message.statusCode !== 200 && message.statusCode !== 206) {
        const text = await readText(message);
        throw hdfsError(
          call,
          nodes.plan,
          parseRemoteException(text) ?? { name: `HTTP ${message.statusCode}`, message: '' },
          1,
        );
      }
      const bytes = new Uint8Array(length);
      let at = 0;
      for await (const part of message as AsyncIterable<Buffer>) {
        if (at + part.length > length) throw new Error(`more than the ${length} bytes that were asked for`);
        bytes.set(part, at);
        at += part.length;
      }
      if (at === length) return bytes;
      throw new Error(`${at} of ${length} bytes came`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof AtlasError) throw error;
      last = new Error(reasonOf(error), { cause: error });
    } finally {
      request.destroy();
    }
  }
  throw hdfsError(call, nodes.plan, last, attempts);
}
