import { randomBytes } from 'node:crypto';
import { AtlasError } from '../../../errors.ts';
import { type Found, failed, untold, well } from '../../examine/finding.ts';
import { joinPath } from '../../path.ts';
import type { Store, StoreFile } from '../../store.ts';
import { byteText } from './byte-text.ts';

const MODE = 0o600;
const FILLING = 1024;
/** Milliseconds for taking it away after a stop. */
const LAST_MS = 5000;

/** A small hidden file that is taken through all that a run does to its draft, and away again. */
export class Canary {
  readonly path: string;
  readonly #moved: string;
  readonly #store: Store;
  readonly #content: Uint8Array;
  #begun = false;
  #file: StoreFile | null = null;

  constructor(store: Store, folder: string, run: string) {
    this.#store = store;
    this.path = joinPath(folder, `.atlas-canary-${run}`);
    this.#moved = `${this.path}-renamed`;
    const text = `atlas-ingest doctor, run ${run}: this file may be removed\n`;
    this.#content = Buffer.from(`${text}${randomBytes(FILLING).toString('base64')}\n`);
  }

  async write(signal: AbortSignal): Promise<Found<true>> {
    this.#begun = true;
    this.#file = await this.#store.create(this.path, MODE, { signal });
    await this.#file.write(this.#content, { signal });
    await this.#file.sync({ signal });
    return well(`${this.path}: ${byteText(this.#content.length)} are on a DataNode`, true);
  }

  /** HDFS's own checksum against that of what was written, as a run compares it before it publishes. */
  async prove(signal: AbortSignal): Promise<Found<true>> {
    const proof = await this.#file?.prove({ signal });
    return well(`compared: ${proof?.compared ?? 'nothing'}`, true);
  }

  async rename(signal: AbortSignal): Promise<Found<true>> {
    await this.#store.rename(this.path, this.#moved, { signal });
    return well('renamed in one step, seen under its new name', true);
  }

  async read(signal: AbortSignal): Promise<Found<true>> {
    await using reader = await this.#store.open(this.#moved, { signal });
    const back = await reader.read(0, reader.length);
    if (Buffer.compare(back, this.#content) === 0) return well(`read back: the same ${byteText(back.length)}`, true);
    const message = `${this.#moved} reads back ${back.length} bytes that are not the ${this.#content.length} written`;
    return failed('ATLAS_HDFS_PROTOCOL', message, 'Something between here and the DataNode changes what it carries.');
  }

  async remove(signal: AbortSignal): Promise<Found<true>> {
    if (!this.#begun) return untold('nothing was written');
    await this.#file?.[Symbol.asyncDispose]();
    for (const path of [this.path, this.#moved]) await this.#store.remove(path, { signal });
    this.#begun = false;
    return well('nothing is left of it', true);
  }

  /** Takes it away whatever happened, unless that is done; never fails. */
  async clear(): Promise<void> {
    if (!this.#begun) return;
    try {
      await this.remove(AbortSignal.timeout(LAST_MS));
    } catch (error) {
      if (!(error instanceof AtlasError) && (error as Error).name !== 'TimeoutError') throw error;
    }
  }
}
