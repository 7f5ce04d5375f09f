import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to a connection; counted in bytes that the server sent on it. What is not said does not happen. */
export interface CutPlan {
  /** Nobody is reached: the client is reset before a byte. */
  readonly refuse?: boolean;
  /** Both sides are cut once so many bytes have been passed on. */
  readonly cutAfter?: number;
  /**
   * What the client sees of a cut: a reset (by default), which a client that is late may see as an end, or an orderly end.
   * The server is always reset.
   */
  readonly how?: 'reset' | 'end';
  /** Nothing is passed on any more, and nothing is read of the server, once so many bytes have been; `release` goes on. */
  readonly stallAfter?: number;
  readonly bytesPerSecond?: number;
  /** Called when it is cut or stalls as planned, just before the client may notice. */
  readonly reached?: () => void;
}

/** A connection that went through. */
export interface CutConnection {
  /** In the order in which they came, from 0. */
  readonly index: number;
  /** Bytes passed on, of each. */
  readonly fromServer: number;
  readonly fromClient: number;
  readonly open: boolean;
  readonly stalled: boolean;
}

/** A loopback proxy between a client and a server of any protocol: counts, slows, stalls and cuts what the server sends. */
export class CutProxy implements AsyncDisposable {
  readonly host = '127.0.0.1';
  /** Asked once for each connection, when it comes. */
  plan: (index: number) => CutPlan;
  readonly #server: Server;
  readonly #passages: Passage[] = [];

  private constructor(target: { readonly host: string; readonly port: number }, plan: (index: number) => CutPlan) {
    this.plan = plan;
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      const index = this.#passages.length;
      this.#passages.push(new Passage(index, client, target, this.plan(index)));
    });
  }

  /** Opens a proxy to a server; without a plan everything passes. */
  static async open(
    target: { readonly host: string; readonly port: number },
    plan: (index: number) => CutPlan = () => ({}),
  ): Promise<CutProxy> {
    const proxy = new CutProxy(target, plan);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, proxy.host, resolve);
    });
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get connections(): readonly CutConnection[] {
    return this.#passages;
  }

  /** Bytes of all servers that were passed on. */
  get fromServer(): number {
    return this.#passages.reduce((sum, { fromServer }) => sum + fromServer, 0);
  }

  /** Cuts all that are open. */
  cut(how: 'reset' | 'end' = 'reset'): void {
    for (const passage of this.#passages) passage.cut(how);
  }

  /** What is stalled goes on, and stalls no more. */
  release(): void {
    for (const passage of this.#passages) passage.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }
}

class Passage implements CutConnection {
  readonly index: number;
  fromServer = 0;
  fromClient = 0;
  open = true;
  stalled = false;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #plan: CutPlan;
  #go: (() => void) | null = null;

  constructor(index: number, client: Socket, target: { readonly host: string; readonly port: number }, plan: CutPlan) {
    this.index = index;
    this.#plan = plan;
    this.#client = client;
    this.#server = connect({ ...target, allowHalfOpen: true });
    for (const socket of [client, this.#server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.cut('reset'));
    }
    if (plan.refuse === true || plan.cutAfter === 0) this.cut(plan.how ?? 'reset');
    else void Promise.allSettled([this.#up(), this.#down()]).then(() => this.cut('end'));
  }

  cut(how: 'reset' | 'end'): void {
    if (!this.open) return;
    this.open = false;
    this.release();
    if (this.#server.connecting) this.#server.destroy();
    else reset(this.#server);
    if (how === 'reset') reset(this.#client);
    else this.#client.destroySoon();
  }

  release(): void {
    this.stalled = false;
    this.#go?.();
  }

  async #up(): Promise<void> {
    for await (const part of this.#client as AsyncIterable<Buffer>) {
      this.fromClient += part.length;
      await pass(part, this.#server);
    }
    this.#server.end();
  }

  async #down(): Promise<void> {
    const { cutAfter = Number.POSITIVE_INFINITY, stallAfter = Number.POSITIVE_INFINITY } = this.#plan;
    for await (const part of this.#server as AsyncIterable<Buffer>) {
      let rest = part;
      while (rest.length > 0 && this.open) {
        if (this.fromServer === stallAfter && this.#go === null) await this.#stall();
        const until = this.fromServer < stallAfter ? Math.min(cutAfter, stallAfter) : cutAfter;
        const now = rest.subarray(0, Math.min(until - this.fromServer, this.#most()));
        rest = rest.subarray(now.length);
        this.fromServer += now.length;
        await pass(now, this.#client);
        if (this.fromServer === cutAfter) {
          const { how = 'reset', reached } = this.#plan;
          reached?.();
          // libuv makes an end of a reset that it hears together with data.
          if (how === 'reset') await sleep(20);
          return this.cut(how);
        }
        const { bytesPerSecond } = this.#plan;
        if (bytesPerSecond !== undefined) await sleep((now.length / bytesPerSecond) * 1000);
      }
    }
    this.#client.end();
  }

  /** Bytes that are passed on at once: a tenth of a second, where it is slowed. */
  #most(): number {
    return Math.max(1, Math.floor((this.#plan.bytesPerSecond ?? Number.POSITIVE_INFINITY) / 10));
  }

  async #stall(): Promise<void> {
    this.stalled = true;
    this.#plan.reached?.();
    await new Promise<void>((resolve) => {
      this.#go = resolve;
    });
  }
}

/** Writes, and waits while the other side does not take more. */
function pass(part: Buffer, to: Socket): Promise<void> {
  return new Promise((resolve) => to.write(part, () => resolve()));
}

/** `resetAndDestroy` says an orderly end before it resets, and the other side may go by that. */
function reset(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true });
  socket.destroy();
}
