import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';

/** Servers let go of idle connections after ten seconds and more: those that are older than this are not used again. */
const KEPT_MS = 4000;
const MOST_KEPT = 4;

/**
 * Connections to NameNodes that outlive a call, so that the next one need not open another. A server may close one at the very moment at
 * which it is used again, and nobody can tell then whether it read the request: only what may be sent twice goes through here. They keep no
 * process alive.
 */
export class KeptConnections implements Disposable {
  #plain: Agent | null = null;
  #secure: SecureAgent | null = null;

  /** The keeper of connections to a server of this URL. */
  of({ protocol }: URL): Agent {
    const options = { keepAlive: true, maxFreeSockets: MOST_KEPT, timeout: KEPT_MS };
    if (protocol === 'https:') {
      this.#secure ??= new SecureAgent(options);
      return this.#secure;
    }
    this.#plain ??= new Agent(options);
    return this.#plain;
  }

  [Symbol.dispose](): void {
    this.#plain?.destroy();
    this.#secure?.destroy();
  }
}
