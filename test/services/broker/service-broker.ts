import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that several test processes share; its other properties, as JSON, are what they know of it. */
export type SharedService = AsyncDisposable & object;

/** Starts each service when the first test file asks for it, tells the others of it, and stops all of them at the end. On loopback. */
export class ServiceBroker implements AsyncDisposable {
  readonly #starts: Readonly<Record<string, () => Promise<SharedService>>>;
  readonly #started = new Map<string, Promise<SharedService>>();
  readonly #server: Server;

  private constructor(starts: Readonly<Record<string, () => Promise<SharedService>>>) {
    this.#starts = starts;
    this.#server = createServer((request, response) => {
      this.#facts((request.url ?? '').slice(1)).then(
        (facts) => response.end(facts),
        (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      );
    });
    this.#server.requestTimeout = 0;
  }

  static async open(starts: Readonly<Record<string, () => Promise<SharedService>>>): Promise<ServiceBroker> {
    const broker = new ServiceBroker(starts);
    await new Promise<void>((resolve, reject) => {
      broker.#server.once('error', reject);
      broker.#server.listen(0, '127.0.0.1', resolve);
    });
    return broker;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    for (const each of await Promise.allSettled(this.#started.values())) {
      if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
    }
  }

  /** A start that failed is not tried again: every file that asks fails by it. */
  async #facts(name: string): Promise<string> {
    const start = this.#starts[name];
    if (start === undefined) throw new Error(`there is no service ${name}`);
    const known = this.#started.get(name);
    const starting = known ?? start();
    if (known === undefined) this.#started.set(name, starting);
    return JSON.stringify(await starting);
  }
}
