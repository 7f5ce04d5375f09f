import type { ClientRequest, IncomingMessage } from 'node:http';
import { AtlasError } from '../../errors.ts';
import { type Call, LostAnswer } from './call.ts';
import { beginRequest, NoAnswer, readText } from './exchange.ts';
import { hdfsError } from './hdfs-error.ts';
import { locateBytes, settled } from './locate-bytes.ts';
import type { NameNodes } from './name-nodes.ts';
import { parseRemoteException } from './remote-exception.ts';

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

  /** Asks where to write, which changes nothing yet, and connects. */
  static async begin(call: Call, nodes: NameNodes, { signal }: { readonly signal: AbortSignal }): Promise<Upload> {
    const place = await locateBytes(call, nodes, { signal });
    const { ca, limits } = nodes.plan;
    const headers = {
      ...place.headers,
      'content-type': 'application/octet-stream',
      'transfer-encoding': 'chunked',
    };
    const { request, answer } = beginRequest(place.url, { method: call.method, headers, ca, limits, signal });
    return new Upload(call, nodes, request, settled(place, answer));
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
