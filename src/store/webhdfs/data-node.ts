import type { ClientRequest, IncomingMessage } from 'node:http';
import { AtlasError } from '../../errors.ts';
import { beginRequest, NoAnswer, readText, reasonOf } from './exchange.ts';
import { hdfsError } from './hdfs-error.ts';
import { type Call, LostAnswer, type NameNodes } from './name-nodes.ts';
import { mayRedirect } from './redirect-guard.ts';
import { parseRemoteException } from './remote-exception.ts';

/** Where the second step of a call goes. Fails with ATLAS_HDFS_REDIRECT before one byte is sent there. */
export function guardLocation(call: Call, location: string | null, from: string, nodes: NameNodes): URL {
  const place = { file: `hdfs://${nodes.plan.name}${call.path}` };
  if (location === null) {
    throw new AtlasError('ATLAS_HDFS_PROTOCOL', `${call.op} ${place.file}: 307 was expected, with a Location`, {
      place,
    });
  }
  const to = new URL(location, from);
  const { urls, redirectHosts } = nodes.plan;
  const secure = new URL(from).protocol === 'https:';
  if (!mayRedirect(to.hostname, urls, redirectHosts)) {
    throw new AtlasError(
      'ATLAS_HDFS_REDIRECT',
      `${call.op} ${place.file} is redirected to ${to.hostname}, which no rule allows`,
      {
        place,
        hint: `Add "redirect_hosts": [${JSON.stringify(to.hostname)}] to the connection ${nodes.plan.name}, if it is one of its DataNodes.`,
      },
    );
  }
  if (secure && to.protocol !== 'https:') {
    throw new AtlasError(
      'ATLAS_HDFS_REDIRECT',
      `${call.op} ${place.file} is redirected from https to ${to.protocol.slice(0, -1)}`,
      { place },
    );
  }
  return to;
}

/** A file on its way to a DataNode: what was written is what was sent, or the upload is dead. */
export class Upload {
  readonly #call: Call;
  readonly #nodes: NameNodes;
  readonly #request: ClientRequest;
  readonly #answer: Promise<IncomingMessage>;
  #early: IncomingMessage | null = null;
  #failed: unknown = null;

  private constructor(call: Call, nodes: NameNodes, request: ClientRequest, answer: Promise<IncomingMessage>) {
    this.#call = call;
    this.#nodes = nodes;
    this.#request = request;
    this.#answer = answer;
    answer.then(
      (message) => {
        this.#early = message;
      },
      (error: unknown) => {
        this.#failed = error;
      },
    );
  }

  /** Asks the NameNode where to write, which changes nothing yet, and connects. */
  static async begin(call: Call, nodes: NameNodes, { signal }: { readonly signal: AbortSignal }): Promise<Upload> {
    const { location, url } = await nodes.call({ ...call, repeatable: true }, { signal });
    const to = guardLocation(call, location, url, nodes);
    const { ca, limits } = nodes.plan;
    const headers = { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' };
    const { request, answer } = beginRequest(to, { method: call.method, headers, ca, limits, signal });
    return new Upload(call, nodes, request, answer);
  }

  /** Resolves when the bytes are the system's: the caller may reuse them. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#failed !== null) throw this.#lost(this.#failed);
    if (this.#early !== null) throw await this.#refused(this.#early);
    await new Promise<void>((resolve, reject) => {
      const over = (error: unknown): void => reject(this.#lost(error));
      this.#answer.then((message) => this.#refused(message).then(reject, reject), over);
      this.#request.write(bytes, (error) => (error ? over(error) : resolve()));
    });
  }

  /** Ends the file. Fails with LostAnswer where nobody knows whether it is whole. */
  async finish(): Promise<void> {
    try {
      this.#request.end();
      const message = await this.#answer;
      if (message.statusCode !== 201 && message.statusCode !== 200) throw await this.#refused(message);
      await readText(message);
    } catch (error) {
      if (error instanceof AtlasError) throw error;
      throw this.#lost(error);
    }
  }

  abort(): void {
    this.#request.destroy();
  }

  #lost(error: unknown): unknown {
    if (error instanceof AtlasError) return error;
    if (error instanceof NoAnswer && !error.sent) return hdfsError(this.#call, this.#nodes.plan, error, 1);
    return new LostAnswer(this.#call, error);
  }

  async #refused(message: IncomingMessage): Promise<AtlasError> {
    const text = await readText(message).catch(() => '');
    const status = { name: `HTTP ${message.statusCode}`, message: '' };
    this.#request.destroy();
    return hdfsError(this.#call, this.#nodes.plan, parseRemoteException(text) ?? status, 1);
  }
}

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
