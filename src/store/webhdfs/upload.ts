import type { ClientRequest, IncomingMessage } from 'node:http';
import type { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { askDataNode } from './call/ask-data-node.ts';
import { type Call, LostAnswer } from './call/call.ts';
import { type Begun, NoAnswer, readText } from './call/exchange.ts';
import { hdfsError } from './call/hdfs-error.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { parseRemoteException } from './call/remote-exception.ts';

/** Bytes each millisecond that a DataNode which is alive takes or gives at least. */
const LEAST_RATE = 32;

/** A file on its way to a DataNode: what was written is what was sent, or the upload is dead. */
export class Upload {
  readonly #call: Call;
  readonly #nodes: NameNodes;
  readonly #begun: Begun;
  #early: IncomingMessage | null = null;
  #failed: unknown = null;
  /** Tells the write under way that there will be none after it. */
  #onEnd: (() => void) | null = null;

  private constructor(call: Call, nodes: NameNodes, begun: Begun) {
    this.#call = call;
    this.#nodes = nodes;
    this.#begun = begun;
    begun.answer.then(
      (message) => {
        this.#early = message;
        this.#onEnd?.();
      },
      (error: unknown) => {
        this.#failed = error;
        this.#onEnd?.();
      },
    );
  }

  /** Finds a DataNode and connects to it: see `askDataNode`. */
  static async begin(call: Call, nodes: NameNodes, options: StoreOptions): Promise<Upload> {
    const headers = { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' };
    const begun = await askDataNode(call, nodes, headers, options);
    begun.expect(null);
    return new Upload(call, nodes, begun);
  }

  /** Resolves when the bytes are the system's: the caller may reuse them. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#isOver) {
      const { request, expect } = this.#begun;
      const { limits } = this.#nodes.plan;
      expect(limits.call + Math.ceil(bytes.byteLength / LEAST_RATE));
      const ended = new Promise<void>((resolve) => {
        this.#onEnd = resolve;
      });
      await Promise.race([written(request, bytes), ended]);
      this.#onEnd = null;
      expect(null);
    }
    if (this.#isOver) throw await this.#whyOver();
  }

  /** Ends the file. Fails with LostAnswer where nobody knows whether it is whole. */
  async finish(): Promise<void> {
    const { request, answer, expect } = this.#begun;
    const { limits } = this.#nodes.plan;
    if (this.#isOver) throw await this.#whyOver();
    try {
      expect(limits.call + limits.idle);
      request.end();
      const message = await answer;
      if (message.statusCode !== 201 && message.statusCode !== 200) throw await this.#refused(message);
      await readText(message);
    } catch (error) {
      if (error instanceof NoAnswer) throw new LostAnswer(this.#call, error);
      throw error;
    }
  }

  abort(): void {
    this.#begun.request.destroy();
  }

  get #isOver(): boolean {
    return this.#early !== null || this.#failed !== null;
  }

  /** The end of an upload before the end of its file: whatever a server said, the file is not whole. */
  async #whyOver(): Promise<unknown> {
    if (this.#early === null) {
      return this.#failed instanceof NoAnswer ? hdfsError(this.#call, this.#nodes.plan, this.#failed, 1) : this.#failed;
    }
    const { statusCode: status = 0 } = this.#early;
    if (status >= 400) return this.#refused(this.#early);
    this.abort();
    return hdfsError(this.#call, this.#nodes.plan, new Error(`HTTP ${status} before the end of the file`), 1);
  }

  async #refused(message: IncomingMessage): Promise<AtlasError> {
    const { limits } = this.#nodes.plan;
    this.#begun.expect(limits.call);
    const text = await readText(message).catch(() => '');
    const status = { name: `HTTP ${message.statusCode}`, message: '' };
    this.abort();
    return hdfsError(this.#call, this.#nodes.plan, parseRemoteException(text) ?? status, 1);
  }
}

/** Resolves when the system has the bytes, or will have none of them: the answer says which. */
function written(request: ClientRequest, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    request.write(bytes, (error) => {
      if (!error) resolve();
    });
  });
}
