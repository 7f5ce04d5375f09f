import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that several test processes share; its other properties, as JSON, are what they know of it. */
export type SharedService = AsyncDisposable & object;

/** How a service is started; one that stands on another asks for that first. */
export type StartService = (ask: (name: string) => Promise<SharedService>) => Promise<SharedService>;

/** Starts each service when the first test file asks for it, tells the others of it, and stops all of them at the end. On loopback. */
export class ServiceBroker implements AsyncDisposable {
  readonly #starts: Readonly<Record<string, StartService>>;
  readonly #started = new Map<string, Promise<SharedService>>();
  readonly #server: Server;

  private constructor(starts: Readonly<Record<string, StartService>>) {
    this.#starts = starts;
    this.#server = createServer((request, response) => {
      this.#facts((request.url ?? '').slice(1)).then(
        (facts) => response.end(facts),
        (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      );
    });
    this.#server.requestTimeout = 0;
  }

  static async open(starts: Readonly<Record<string, StartService>>): Promise<ServiceBroker> {
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

  async #facts(name: string): Promise<string> {
    return JSON.stringify(await this.#service(name));
  }

  /** A start that failed is not tried again: every file that asks fails by it. */
  #service(name: string): Promise<SharedService> {
    const known = this.#started.get(name);
    if (known !== undefined) return known;
    const start = this.#starts[name];
    if (start === undefined) return Promise.reject(new Error(`there is no service ${name}`));
    const starting = start((other) => this.#service(other));
    this.#started.set(name, starting);
    return starting;
  }
}
