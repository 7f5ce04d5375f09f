import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { AtlasError } from '../../errors.ts';
import { joinPath } from '../path.ts';
import type { Listed, Store, StoreChecksum, StoreOptions, StoreReader } from '../store.ts';
import { type Call, LostAnswer } from './call/call.ts';
import { exceptionOf } from './call/is-missing.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { askChecksum } from './checksum/ask-checksum.ts';
import type { LoadCrcKernel } from './checksum/chunk-crcs.ts';
import { UsualKind } from './checksum/usual-kind.ts';
import { type DownloadRange, download, downloadStream } from './download.ts';
import { foundOfStatus, readStatuses } from './file-status.ts';
import { hasWriter } from './has-writer.ts';
import { acquireHdfsLock } from './lock/web-hdfs-lock.ts';
import { lookAtExisting } from './look-at.ts';
import { makeFolder } from './make-folder.ts';
import { deletePath, removePath } from './remove-path.ts';
import { replacePath } from './rename/replace-path.ts';
import { asidePath, lookAsideToo } from './rename/set-aside.ts';
import { setPermission } from './set-permission.ts';
import { WebHdfsFile, type WebHdfsSite } from './web-hdfs-file.ts';

/** Bytes read at a time where a whole file is read. */
const READ = 8 * 1024 * 1024;

/** HDFS through WebHDFS or HttpFS as a store; see `Store`. Names begin with the authority that the connection's name is (`hdfs://lake/x`). */
export class WebHdfsStore implements Store {
  readonly kind = 'webhdfs';
  /** An open file is a connection, threads of a DataNode and a pipeline of replicas. */
  readonly maxOpenFiles = 64;
  readonly #nodes: NameNodes;
  readonly #site: WebHdfsSite;

  constructor(nodes: NameNodes, kernel: LoadCrcKernel | null = null) {
    this.#nodes = nodes;
    this.#site = { nodes, usual: new UsualKind(nodes), kernel };
  }

  async look(path: string, options: StoreOptions) {
    return (await lookAsideToo(this.#nodes, path, options)).found;
  }

  /** HDFS has no links on by default: a path is its own place. */
  async resolve(path: string, { signal }: StoreOptions): Promise<string> {
    signal.throwIfAborted();
    return joinPath(path);
  }

  create(path: string, mode: number, options: StoreOptions) {
    return WebHdfsFile.create(this.#site, path, mode, options);
  }

  async open(name: string, options: StoreOptions): Promise<StoreReader> {
    const { at: path, found: seen } = await lookAsideToo(this.#nodes, name, options);
    const found = seen.kind === 'absent' ? await lookAtExisting(this.#nodes, path, options) : seen;
    const { length } = found;
    const rangeOf = (from: number, to: number): DownloadRange => {
      if (from >= 0 && from <= to && to <= length) return { from, to, found };
      throw new AtlasError('ATLAS_STORE_WRITE', `${path} has ${length} bytes, ${from} to ${to} were asked for`);
    };
    return {
      length,
      found,
      read: async (from, to) => download(this.#nodes, path, rangeOf(from, to), options),
      stream: (from, to) => downloadStream(this.#nodes, path, rangeOf(from, to), options),
      [Symbol.asyncDispose]: async () => {},
    };
  }

  hasWriter(path: string, options: StoreOptions): Promise<boolean> {
    return hasWriter(this.#nodes, path, options);
  }

  async checksum(path: string, options: StoreOptions): Promise<string> {
    await using reader = await this.open(path, options);
    const hash = createHash('sha256');
    for (let at = 0; at < reader.length; at += READ)
      hash.update(await reader.read(at, Math.min(reader.length, at + READ)));
    return hash.digest('hex');
  }

  async askChecksum(path: string, options: StoreOptions): Promise<StoreChecksum | null> {
    const answer = await askChecksum(this.#nodes, path, options);
    return 'none' in answer ? null : answer;
  }

  async list(folder: string, options: StoreOptions): Promise<readonly Listed[]> {
    const call: Call = { method: 'GET', op: 'LISTSTATUS', path: folder, repeatable: true };
    const statuses = await this.#nodes.call(call, options, (answer) => readStatuses(call, answer));
    return statuses.map((status) => ({ name: status.pathSuffix, kind: foundOfStatus(status, '').kind }));
  }

  async makeFolder(path: string, options: StoreOptions): Promise<void> {
    const found = await this.look(path, options);
    if (found.kind !== 'absent') {
      throw new AtlasError('ATLAS_STORE_WRITE', `could not create the folder ${path}: there is a ${found.kind}`);
    }
    await makeFolder(this.#nodes, path, options);
  }

  async makeFolders(path: string, options: StoreOptions): Promise<readonly string[]> {
    const missing: string[] = [];
    const root = `hdfs://${this.#nodes.plan.name}`;
    for (let at = path; at !== root && (await this.look(at, options)).kind === 'absent'; at = posix.dirname(at)) {
      missing.unshift(at);
    }
    if (missing.length > 0) await makeFolder(this.#nodes, path, options);
    return missing;
  }

  rename(from: string, to: string, options: StoreOptions): Promise<void> {
    return replacePath(this.#nodes, from, to, options);
  }

  /** The NameNode's journal is durable when it answers. */
  async syncFolder(path: string, options: StoreOptions): Promise<void> {
    if ((await this.look(path, options)).kind === 'folder') return;
    throw new AtlasError('ATLAS_STORE_SYNC', `could not sync ${path}: there is no such folder`);
  }

  setMode(path: string, mode: number, options: StoreOptions): Promise<void> {
    return setPermission(this.#nodes, path, mode, options);
  }

  async remove(path: string, options: StoreOptions): Promise<void> {
    if (this.#nodes.plan.api === 'httpfs') await removePath(this.#nodes, asidePath(path), options);
    await removePath(this.#nodes, path, options);
  }

  async removeEmpty(path: string, options: StoreOptions): Promise<boolean> {
    if ((await this.look(path, options)).kind !== 'folder') return false;
    if ((await this.list(path, options)).length > 0) return false;
    try {
      return await deletePath(this.#nodes, path, false, options);
    } catch (error) {
      // the NameNode itself refuses a folder that has filled meanwhile
      if (error instanceof AtlasError && exceptionOf(error) === 'PathIsNotEmptyDirectoryException') return false;
      if (!(error instanceof LostAnswer)) throw error;
      return (await this.look(path, options)).kind === 'absent';
    }
  }

  lock(folder: string, name: string, run: string, options: StoreOptions) {
    return acquireHdfsLock(this.#nodes, folder, name, run, options);
  }
}
