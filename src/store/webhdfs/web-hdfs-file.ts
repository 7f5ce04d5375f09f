import { AtlasError } from '../../errors.ts';
import type { Found, StoreFile, StoreOptions } from '../store.ts';
import { type Call, LostAnswer } from './call.ts';
import { lookAt } from './look-at.ts';
import type { NameNodes } from './name-nodes.ts';
import { setPermission } from './set-permission.ts';
import { Upload } from './upload.ts';

/**
 * A file on HDFS, append only; see `StoreFile`. One upload streams until `sync` or `close` ends it, which is when HDFS has the
 * bytes on its DataNodes; writing on after that appends in a new upload.
 */
export class WebHdfsFile implements StoreFile {
  readonly path: string;
  readonly #nodes: NameNodes;
  #upload: Upload | null;
  #length: number;
  #dead: unknown = null;
  /** Permission bits to set when the upload has ended. */
  #mode: number | null = null;

  private constructor(nodes: NameNodes, path: string, upload: Upload | null, length: number) {
    this.#nodes = nodes;
    this.path = path;
    this.#upload = upload;
    this.#length = length;
  }

  /** Begins a file that must not exist. */
  static async create(nodes: NameNodes, path: string, mode: number, options: StoreOptions): Promise<WebHdfsFile> {
    const { permission, replication, blockSize } = nodes.plan;
    const parameters: Record<string, string> = {
      overwrite: 'false',
      createparent: 'false',
      permission: permission ?? (mode & 0o777).toString(8),
    };
    if (replication !== null) parameters['replication'] = String(replication);
    if (blockSize !== null) parameters['blocksize'] = String(blockSize);
    // The DataNode refuses it too, but only once the bytes are sent.
    const found = await lookAt(nodes, path, options);
    if (found.kind !== 'absent')
      throw new AtlasError('ATLAS_STORE_WRITE', `could not create ${path}: there is a ${found.kind}`);
    const call: Call = { method: 'PUT', op: 'CREATE', path, parameters, repeatable: false };
    return new WebHdfsFile(nodes, path, await Upload.begin(call, nodes, options), 0);
  }

  /** Goes on with a file that was closed at this length. */
  static async reopen(nodes: NameNodes, path: string, length: number, options: StoreOptions): Promise<WebHdfsFile> {
    const found = await lookAt(nodes, path, options);
    if (found.kind === 'file' && found.length === length) return new WebHdfsFile(nodes, path, null, length);
    const now = found.kind === 'file' ? `${found.length} bytes` : found.kind;
    throw new AtlasError('ATLAS_STORE_WRITE', `${path} was left at ${length} bytes and is now ${now}`);
  }

  get length(): number {
    return this.#length;
  }

  async write(bytes: Uint8Array, options: StoreOptions): Promise<void> {
    await this.#step(async () => {
      options.signal.throwIfAborted();
      if (bytes.byteLength === 0) return;
      this.#upload ??= await Upload.begin(this.#append(), this.#nodes, options);
      await this.#upload.write(bytes);
      this.#length += bytes.byteLength;
    });
  }

  async sync(options: StoreOptions): Promise<void> {
    await this.#step(async () => {
      const upload = this.#upload;
      this.#upload = null;
      try {
        await upload?.finish();
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw error;
      }
      // Whatever the answer was, or was lost: what counts is what the NameNode holds.
      const found = await lookAt(this.#nodes, this.path, options);
      if (found.kind === 'file' && found.length === this.#length) {
        if (this.#mode !== null) await setPermission(this.#nodes, this.path, this.#mode, options);
        this.#mode = null;
        return;
      }
      const now = found.kind === 'file' ? `${found.length} bytes` : found.kind;
      throw new AtlasError('ATLAS_STORE_SYNC', `${this.path} has ${now} after ${this.#length} bytes were written`);
    });
  }

  async setMode(mode: number, options: StoreOptions): Promise<void> {
    // While its bytes are on their way the file may not be there yet.
    if (this.#upload !== null) this.#mode = mode;
    else await this.#step(() => setPermission(this.#nodes, this.path, mode, options));
  }

  look(options: StoreOptions): Promise<Found> {
    return this.#step(() => lookAt(this.#nodes, this.path, options));
  }

  async close(): Promise<void> {
    if (this.#upload !== null) await this.sync({ signal: new AbortController().signal });
    if (this.#dead !== null) throw this.#dead;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#upload?.abort();
    this.#upload = null;
  }

  #append(): Call {
    return { method: 'POST', op: 'APPEND', path: this.path, repeatable: false };
  }

  async #step<T>(step: () => Promise<T>): Promise<T> {
    if (this.#dead !== null) throw this.#dead;
    try {
      return await step();
    } catch (error) {
      this.#dead = error;
      this.#upload?.abort();
      this.#upload = null;
      throw error;
    }
  }
}
