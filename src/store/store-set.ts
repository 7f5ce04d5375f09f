import { AtlasError } from '../errors.ts';
import { localStore } from './local-store.ts';
import type { Store } from './store.ts';
import type { LoadCrcKernel } from './webhdfs/checksum/chunk-crcs.ts';
import { TokenBoard } from './webhdfs/credentials/token-board.ts';
import type { OpenWebHdfs } from './webhdfs/open-web-hdfs.ts';
import type { WebHdfsConnection } from './webhdfs/read-plan.ts';

/** The stores that names lie in: the local disk, and declared connections, each opened once, when it is first asked for. */
export class StoreSet<Connection extends WebHdfsConnection> implements AsyncDisposable {
  readonly #connections: Readonly<Record<string, Connection>>;
  readonly #kernel: LoadCrcKernel | null;
  readonly #opened = new Map<string, Promise<OpenWebHdfs>>();

  /** `kernel`: the hot loop of checksums of what is written to HDFS; where there is none a slower one does it. */
  constructor(connections: Readonly<Record<string, Connection>>, kernel: LoadCrcKernel | null = null) {
    this.#kernel = kernel;
    const entries = Object.entries(connections).map(([name, each]): [string, Connection] =>
      each.kerberos === null ? [name, each] : [name, { ...each, tokenBoard: new TokenBoard().memory }],
    );
    this.#connections = Object.fromEntries(entries);
  }

  /** The store of `hdfs://lake/x`, or of a local path. Fails with ATLAS_CONNECTION_UNKNOWN. */
  async of(name: string): Promise<Store> {
    const authority = /^hdfs:\/\/([^/]*)/.exec(name)?.[1];
    if (authority === undefined) return localStore;
    return (await this.#open(authority, name)).store;
  }

  /**
   * What another thread opens the same stores with, for as long as this is not disposed. Only this one signs in by Kerberos: others
   * read the token it got from memory that they share, also after it had to be replaced.
   */
  async share(): Promise<Readonly<Record<string, Connection>>> {
    const entries = Object.entries(this.#connections).map(([name, each]): [string, Connection] => [
      name,
      { ...each, kerberos: null },
    ]);
    return Object.fromEntries(entries);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    for (const each of await Promise.allSettled(opened)) {
      if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
    }
  }

  #open(authority: string, name: string): Promise<OpenWebHdfs> {
    const known = this.#opened.get(authority);
    if (known !== undefined) return known;
    const connection = Object.hasOwn(this.#connections, authority) ? this.#connections[authority] : undefined;
    if (connection === undefined) {
      const names = Object.keys(this.#connections);
      const declared = names.length === 0 ? 'none is declared here' : `declared here: ${names.join(', ')}`;
      throw new AtlasError('ATLAS_CONNECTION_UNKNOWN', `there is no connection ${authority}; ${declared}`, {
        place: { file: name },
      });
    }
    const opening = import('./webhdfs/open-web-hdfs.ts').then(({ openWebHdfs }) =>
      openWebHdfs(connection, this.#kernel),
    );
    this.#opened.set(authority, opening);
    return opening;
  }
}
