import { AtlasError } from '../../errors.ts';
import type { Found, Proof, StoreFile, StoreOptions } from '../store.ts';
import { type Call, LostAnswer } from './call/call.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { askChecksum } from './checksum/ask-checksum.ts';
import type { LoadCrcKernel } from './checksum/chunk-crcs.ts';
import { proveFile } from './checksum/prove-file.ts';
import type { UsualKind } from './checksum/usual-kind.ts';
import { WrittenChecksum } from './checksum/written-checksum.ts';
import { type FileStatus, foundOfStatus } from './file-status.ts';
import { lookAt } from './look-at.ts';
import { setPermission } from './set-permission.ts';
import { statusOf } from './status-of.ts';
import { Upload } from './upload.ts';

/** After so many bytes the file is there, and its status tells how long its blocks are; asked again at twice as many, … */
const ASK_BLOCKS_AT = 8 * 1024 * 1024;
/** Without knowing that, no more than so many bytes are summed (at 4 bytes for each chunk). */
const MUST_KNOW_BLOCKS_AT = 256 * 1024 * 1024;
/** Looks after a lost answer: the DataNode may not have closed the file yet. */
const LOOKS = 6;

/** What files of one HDFS share. */
export interface WebHdfsSite {
  readonly nodes: NameNodes;
  readonly usual: UsualKind;
  /** The hot loop of checksums, where there is a fast one. */
  readonly kernel: LoadCrcKernel | null;
}

/**
 * A file on HDFS, append only; see `StoreFile`. One upload streams until `sync`, `suspend` or `close` ends it, which is when HDFS has
 * the bytes on its DataNodes; writing on after that appends in a new upload. No append is ever repeated: what a lost answer leaves is
 * looked at, and anything but the whole is the end of the file. Bytes are summed as they go, so that `prove` reads nothing.
 */
export class WebHdfsFile implements StoreFile {
  readonly path: string;
  readonly #site: WebHdfsSite;
  readonly #written: WrittenChecksum;
  #upload: Upload | null;
  #dead: unknown = null;
  /** Permission bits to set when the upload has ended. */
  #mode: number | null = null;
  /** What the last sync found; null once more is written. */
  #status: FileStatus | null = null;
  #askAt = ASK_BLOCKS_AT;
  #asking: Promise<void> | null = null;
  /** Ends the upload when nothing is written for long: no server keeps an idle connection for ever. */
  #idle: NodeJS.Timeout | null = null;
  #resting: Promise<void> | null = null;

  private constructor(site: WebHdfsSite, path: string, upload: Upload, written: WrittenChecksum) {
    this.#site = site;
    this.path = path;
    this.#upload = upload;
    this.#written = written;
  }

  /** Begins a file that must not exist. */
  static async create(site: WebHdfsSite, path: string, mode: number, options: StoreOptions): Promise<WebHdfsFile> {
    const { nodes, usual, kernel } = site;
    const { permission, replication, blockSize } = nodes.plan;
    const octal = (mode & 0o777).toString(8);
    const parameters: Record<string, string> = {
      overwrite: 'false',
      createparent: 'false',
      // What is for its owner alone stays so, whatever the connection says of files.
      permission: (mode & 0o077) === 0 ? octal : (permission ?? octal),
    };
    if (replication !== null) parameters['replication'] = String(replication);
    if (blockSize !== null) parameters['blocksize'] = String(blockSize);
    // The DataNode refuses it too, but only once the bytes are sent.
    const [found, kind, loaded] = await Promise.all([
      lookAt(nodes, path, options),
      usual.get(options),
      kernel?.() ?? null,
    ]);
    if (found.kind !== 'absent')
      throw new AtlasError('ATLAS_STORE_WRITE', `could not create ${path}: there is a ${found.kind}`);
    const written = new WrittenChecksum(kind, loaded);
    const call: Call = { method: 'PUT', op: 'CREATE', path, parameters, repeatable: false };
    return new WebHdfsFile(site, path, await Upload.begin(call, nodes, options), written);
  }

  get length(): number {
    return this.#written.length;
  }

  async write(bytes: Uint8Array, options: StoreOptions): Promise<void> {
    if (bytes.byteLength === 0) return;
    await this.#step(options, async () => {
      this.#status = null;
      this.#upload ??= await Upload.begin(this.#append(), this.#site.nodes, options);
      const sending = this.#upload.write(bytes);
      // While they are on their way.
      this.#written.update(bytes);
      await sending;
      await this.#learnBlocks(options);
    });
    this.#restLater(options);
  }

  async sync(options: StoreOptions): Promise<void> {
    await this.#step(options, () => this.#settle(options));
  }

  async setMode(mode: number, options: StoreOptions): Promise<void> {
    await this.#step(options, async () => {
      // While its bytes are on their way the file may not be there yet.
      if (this.#upload !== null) this.#mode = mode;
      else {
        this.#status = null;
        await setPermission(this.#site.nodes, this.path, mode, options);
      }
    });
  }

  async look(options: StoreOptions): Promise<Found> {
    const { nodes } = this.#site;
    return this.#step(options, async () =>
      this.#status === null ? lookAt(nodes, this.path, options) : foundOfStatus(this.#status, nodes.plan.name),
    );
  }

  async suspend(options: StoreOptions): Promise<void> {
    if (this.#upload !== null || this.#resting !== null) await this.sync(options);
  }

  async prove(options: StoreOptions): Promise<Proof> {
    return this.#step(options, async () => {
      const { nodes, usual } = this.#site;
      const status = this.#status ?? (await this.#looked(0, options));
      return proveFile(nodes, this.path, status, this.#written, usual, options);
    });
  }

  async close(): Promise<void> {
    if (this.#upload !== null || this.#resting !== null) await this.sync({ signal: new AbortController().signal });
    if (this.#dead !== null) throw this.#dead;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopIdling();
    this.#upload?.abort();
    this.#upload = null;
    await this.#resting;
  }

  #append(): Call {
    return { method: 'POST', op: 'APPEND', path: this.path, repeatable: false };
  }

  /** Ends the upload, if there is one, and looks at what HDFS has. */
  async #settle(options: StoreOptions): Promise<void> {
    const upload = this.#upload;
    this.#upload = null;
    let looks = 0;
    try {
      await upload?.finish();
    } catch (error) {
      if (!(error instanceof LostAnswer)) throw error;
      looks = LOOKS;
      // A NameNode tells the whole length some hundred milliseconds before the file is closed, which changes its time of modification.
      // It has a checksum only then; one without any says no more than its length.
      await askChecksum(this.#site.nodes, this.path, options).catch(() => options.signal.throwIfAborted());
    }
    // Whatever the answer was, or was lost: what counts is what the NameNode holds.
    this.#status = await this.#looked(looks, options);
    if (!this.#written.knowsBlocks) this.#written.setBlockBytes(this.#status.blockSize);
    const mode = this.#mode;
    this.#mode = null;
    if (mode === null || Number.parseInt(this.#status.permission, 8) === mode) return;
    await setPermission(this.#site.nodes, this.path, mode, options);
    this.#status = await this.#looked(0, options);
  }

  /** The status of the file at the length that was written, after so many further looks. Fails with ATLAS_STORE_SYNC. */
  async #looked(again: number, options: StoreOptions): Promise<FileStatus> {
    for (let look = 0; ; look += 1) {
      const status = await statusOf(this.#site.nodes, this.path, options);
      if (status?.type === 'FILE' && status.length === this.length) return status;
      if (look >= again) {
        const now = status === null ? 'absent' : `${status.length} bytes`;
        // where an answer was lost it is the network that did it
        const code = again > 0 ? 'ATLAS_HDFS_UNAVAILABLE' : 'ATLAS_STORE_SYNC';
        throw new AtlasError(code, `${this.path} has ${now} after ${this.length} bytes were written`);
      }
      await this.#site.nodes.pause(look + 1, options.signal);
    }
  }

  /** Asks how long blocks are, so that CRCs need not be kept; waits for the answer only where many are. */
  async #learnBlocks(options: StoreOptions): Promise<void> {
    if (this.#written.knowsBlocks || this.length < this.#askAt) return;
    if (this.#asking === null) {
      this.#askAt = this.length * 2;
      this.#asking = statusOf(this.#site.nodes, this.path, options).then(
        (status) => {
          this.#asking = null;
          if (status !== null && !this.#written.knowsBlocks) this.#written.setBlockBytes(status.blockSize);
        },
        () => {
          this.#asking = null;
        },
      );
    }
    if (this.length < MUST_KNOW_BLOCKS_AT) return;
    await this.#asking;
    if (this.#written.knowsBlocks) return;
    const message = `${this.path} is not there after ${this.length} bytes were sent`;
    throw new AtlasError('ATLAS_STORE_WRITE', message, { place: { file: this.path } });
  }

  #restLater(options: StoreOptions): void {
    const { idle } = this.#site.nodes.plan.limits;
    this.#idle = setTimeout(() => {
      this.#idle = null;
      this.#resting = this.#settle(options).catch((error: unknown) => {
        this.#dead ??= error;
      });
    }, idle / 2);
    this.#idle.unref();
  }

  #stopIdling(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
  }

  async #step<T>({ signal }: StoreOptions, step: () => Promise<T>): Promise<T> {
    this.#stopIdling();
    await this.#resting;
    this.#resting = null;
    if (this.#dead !== null) throw this.#dead;
    try {
      signal.throwIfAborted();
      return await step();
    } catch (error) {
      this.#dead = error;
      this.#upload?.abort();
      this.#upload = null;
      throw error;
    }
  }
}
