import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { parquetMetadata } from 'hyparquet';
import type { Receipt } from '../../src/index.ts';
import { datasetOf, Project } from '../run/project.ts';
import type { Fault } from '../services/fault-proxy/fault.ts';
import { FaultProxy } from '../services/fault-proxy/fault-proxy.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { BareHdfs } from './bare-hdfs.ts';

export type Layout = 'file' | 'folder';

export const ATTEMPTS = 4;
/** Of a run under faults: it is to end soon, and a busy machine is no fault. Waits are what is tried, not their length. */
const LITTLE_PATIENCE = { attempts: ATTEMPTS, timeouts: { idle_ms: 4000, call_ms: 5000, wait_ms: 20 } };
const ROWS_PER_FILE = 8;

/** What a target holds: of each file its path in the target (empty for a target of one file), SHA-256 and rows. */
export type Content = readonly { readonly path: string; readonly sha256: string; readonly rows: number }[];

/** What a run came to. */
export interface FaultRun {
  readonly receipt: Receipt;
  readonly exitCode: number;
  readonly recovered: readonly string[];
  readonly requests: number;
}

/** A target on a real HDFS, and a proxy in front of it that can be told to do harm. */
export class FaultBed implements AsyncDisposable {
  readonly layout: Layout;
  readonly proxy: FaultProxy;
  readonly #bare: BareHdfs;
  readonly #project = new Project();
  /** Inside the file system. */
  readonly folder: string;

  private constructor(layout: Layout, proxy: FaultProxy, nameNode: string, folder: string) {
    this.layout = layout;
    this.proxy = proxy;
    this.folder = folder;
    this.#bare = new BareHdfs(nameNode, userInfo().username);
    const destination = {
      path: `hdfs://lake${this.target}${layout === 'folder' ? '/' : ''}`,
      ...(layout === 'folder' ? { max_rows_per_file: ROWS_PER_FILE } : {}),
    };
    this.#project.declare([datasetOf('rows', { id: 'int', name: 'string' }, { destination })], {
      lake: declaredHdfs(this.#server),
    });
  }

  /** `folder`: one of its own inside the file system; made, and removed in the end. */
  static async open(layout: Layout, nameNode: string, folder: string): Promise<FaultBed> {
    return new FaultBed(layout, await FaultProxy.start(nameNode), nameNode, folder);
  }

  get target(): string {
    return `${this.folder}/${this.layout === 'file' ? 'rows.parquet' : 'rows'}`;
  }

  get #server(): { readonly url: string } {
    return { url: `${this.proxy.url}/webhdfs/v1` };
  }

  /** Runs over an input of so many rows that begin with `id`, under a fault or none. */
  async run(id: number, rows: number, fault: Fault | null = null): Promise<FaultRun> {
    const lines = Array.from({ length: rows }, (_, row) => `${id + row},name ${(id * 31 + row) % 97}\n`);
    this.#project.write('rows.csv', `id,name\n${lines.join('')}`);
    this.#project.events.length = 0;
    this.proxy.arm(fault === null ? [] : [fault]);
    const lake = hdfsConnection(this.#server, fault === null ? {} : LITTLE_PATIENCE);
    const { receipts, exitCode } = await this.#project.run({ connections: { lake } });
    await this.proxy.settled();
    const recovered = this.#project.events.flatMap((event) => (event.type === 'recovered' ? [event.message] : []));
    return { receipt: receipts[0] as Receipt, exitCode, recovered, requests: this.proxy.seen.length };
  }

  /** What stands at the target, read without any code of ours; null where nothing does. */
  async content(): Promise<Content | null> {
    if (this.layout === 'file') {
      const bytes = await this.#bare.read(this.target);
      return bytes === null ? null : [factsOf('', bytes)];
    }
    if (!(await this.#bare.list(this.folder)).includes('rows/')) return null;
    const names = (await this.#bare.list(this.target)).filter((name) => !name.endsWith('/'));
    return Promise.all(
      names.map(async (name) => factsOf(name, (await this.#bare.read(`${this.target}/${name}`)) ?? Buffer.alloc(0))),
    );
  }

  /** Names beside the target. */
  async others(): Promise<readonly string[]> {
    const own = this.layout === 'file' ? 'rows.parquet' : 'rows/';
    return (await this.#bare.list(this.folder)).filter((name) => name !== own);
  }

  /** Removes the target and the folder that it is in. */
  removeAll(): Promise<void> {
    return this.#bare.remove(this.folder);
  }

  makeEmptyTarget(): Promise<void> {
    return this.#bare.makeFolder(this.target);
  }

  /** Our process lives on, and what it could not give back is held until its lease ends: that moment, by the NameNode's clock. */
  async endLeases(): Promise<void> {
    for (const name of await this.others()) {
      if (/\.atlas-(?:lock|beat|claim)$/.test(name)) await this.#bare.age(`${this.folder}/${name}`, 130_000);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
    await this.#bare.remove(this.folder);
    this.#project[Symbol.dispose]();
  }
}

function factsOf(path: string, bytes: Buffer): Content[number] {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  return { path, sha256, rows: Number(parquetMetadata(buffer).num_rows) };
}
