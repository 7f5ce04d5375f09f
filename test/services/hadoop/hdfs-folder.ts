import { randomBytes } from 'node:crypto';
import { openStores, type Stores } from '../../../src/registry.ts';
import type { Store } from '../../../src/store/store.ts';
import { hdfsConnection } from './hdfs-connection.ts';
import type { Hadoop } from './start-hadoop.ts';

const through = { signal: new AbortController().signal };

/** A folder of one's own in an HDFS, with what is needed to put files there and to get them back; gone when it is disposed. */
export class HdfsFolder implements AsyncDisposable {
  readonly stores: Stores;
  readonly store: Store;
  /** `hdfs://lake/…` */
  readonly path: string;

  private constructor(stores: Stores, store: Store, path: string) {
    this.stores = stores;
    this.store = store;
    this.path = path;
  }

  /** `more` = further keys of the connection. */
  static async make(hadoop: Pick<Hadoop, 'url'>, more: object = {}): Promise<HdfsFolder> {
    const stores = openStores({ lake: hdfsConnection(hadoop, more) });
    const path = `hdfs://lake/tmp/${randomBytes(6).toString('hex')}`;
    const store = await stores.of(path);
    await store.makeFolders(path, through);
    return new HdfsFolder(stores, store, path);
  }

  /** Writes a file, whose folders are made, in place of what is there; answers its whole name. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = `${this.path}/${name}`;
    await this.store.makeFolders(path.slice(0, path.lastIndexOf('/')), through);
    await this.store.remove(path, through);
    await using file = await this.store.create(path, 0o644, through);
    await file.write(typeof content === 'string' ? new TextEncoder().encode(content) : content, through);
    await file.sync(through);
    await file.close();
    return path;
  }

  async read(name: string): Promise<Buffer> {
    await using reader = await this.store.open(`${this.path}/${name}`, through);
    return Buffer.from(await reader.read(0, reader.length));
  }

  /** Names in a folder, sorted. */
  async list(name = ''): Promise<readonly string[]> {
    const listed = await this.store.list(name === '' ? this.path : `${this.path}/${name}`, through);
    return listed.map((each) => each.name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.remove(this.path, through);
    await this.stores[Symbol.asyncDispose]();
  }
}
