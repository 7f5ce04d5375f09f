import type { ClickhouseConnection } from '../../../flow/connections.ts';
import type { ClickhouseServer, Waiting } from './clickhouse-server.ts';

/** One server for each connection, and one engine for each folder: whoever asks gets the same. */
export class ServerSet implements AsyncDisposable {
  readonly #find: (name: string) => ClickhouseConnection;
  readonly #open = new Map<string, Promise<ClickhouseServer>>();

  constructor(find: (name: string) => ClickhouseConnection) {
    this.#find = find;
  }

  open(name: string, options: Waiting): Promise<ClickhouseServer> {
    const connection = this.#find(name);
    const key = connection.folder === null ? `server ${name}` : `folder ${connection.folder}`;
    const open = this.#open.get(key) ?? this.#begin(connection, options);
    this.#open.set(key, open);
    // one that could not be opened is tried again by who asks next
    open.catch(() => this.#open.delete(key));
    return open;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = await Promise.allSettled(this.#open.values());
    for (const each of open) if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
  }

  async #begin(connection: ClickhouseConnection, options: Waiting): Promise<ClickhouseServer> {
    const { openClickhouse } = await import('./open-clickhouse.ts');
    return openClickhouse(connection, options);
  }
}
