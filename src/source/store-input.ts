import { AtlasError } from '../errors.ts';
import type { Found, StoreReader } from '../store/store.ts';
import type { Input, InputAccess } from './input.ts';
import { nearestFolder } from './nearest-folder.ts';
import { storeOf } from './store-of.ts';

/** Bytes that are asked for at first where nobody said how far reading goes, then twice as many each time, up to the last. */
const FIRST = 1 << 16;
const MOST = 1 << 23;
/** Bytes behind the last one read that may be read again without asking for them. */
const KEPT = 1 << 17;
/** Bytes that are passed over rather than asking anew. */
const GAP = 1 << 18;

/**
 * A file in a store. Reading on in order takes from one stream; as much of it as was taken is held, and no more. Any other position is
 * a new request.
 */
export class StoreInput implements Input {
  readonly path: string;
  readonly bytes: number;
  readonly identity: string;
  readonly inode: string;
  readonly #reader: StoreReader;
  readonly #ending: AbortController;
  readonly #signal: AbortSignal;
  #stream: AsyncIterator<Uint8Array> | null = null;
  #streamEnd = 0;
  /** Consecutive bytes from `#from` to `#to`, where the stream stands. */
  #held: Uint8Array[] = [];
  #from = 0;
  #to = 0;
  #planned = 0;
  #next = FIRST;

  private constructor(path: string, reader: StoreReader, ending: AbortController, signal: AbortSignal) {
    this.path = path;
    this.bytes = reader.length;
    this.identity = identityOf(reader.found);
    this.inode = `${reader.found.device}:${reader.found.inode}`;
    this.#reader = reader;
    this.#ending = ending;
    this.#signal = signal;
  }

  /**
   * Opens a file; where `identity` is given it must have it.
   * Fails with ATLAS_INPUT_NOT_FOUND, ATLAS_INPUT_UNREADABLE, ATLAS_INPUT_CHANGED, ATLAS_CONNECTION_UNKNOWN, ATLAS_HDFS_*.
   */
  static async open(path: string, identity: string | null, access: InputAccess): Promise<StoreInput> {
    const ending = new AbortController();
    const signal = AbortSignal.any([access.signal, ending.signal]);
    const store = await storeOf(path, access);
    let reader: StoreReader;
    try {
      reader = await openThere(store, path, signal, identity !== null, access);
    } catch (error) {
      access.signal.throwIfAborted();
      throw isPlain(error) ? unreadable(path, error) : error;
    }
    if (reader.found.kind !== 'file') throw await refused(path, reader.found, identity !== null, access);
    const input = new StoreInput(path, reader, ending, access.signal);
    if (identity !== null) confirmSame(path, identity, input.identity);
    else if (await store.hasWriter(path, access)) throw unfinished(path, reader.length);
    return input;
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    const wanted = Math.min(target.length, this.bytes - position);
    if (wanted <= 0) return 0;
    try {
      if (position < this.#from || position > this.#to + GAP) await this.#restart(position);
      for (let filled = 0; filled < wanted; ) {
        const at = position + filled;
        if (at < this.#to) filled += this.#copy(at, target.subarray(filled, wanted));
        else await this.#pull(position + wanted);
        this.#forget(Math.max(0, position + filled - KEPT));
      }
    } catch (error) {
      this.#signal.throwIfAborted();
      throw isPlain(error) ? unreadable(this.path, error) : error;
    }
    return wanted;
  }

  readsTo(to: number): void {
    this.#planned = Math.min(to, this.bytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort(new Error('the input is closed'));
    await this.#close();
    await this.#reader[Symbol.asyncDispose]();
  }

  /** Takes the next chunk; asks for at least what stands before `need` where nothing is on its way. */
  async #pull(need: number): Promise<void> {
    if (this.#stream === null) {
      const planned = this.#planned > this.#to;
      const to = Math.min(this.bytes, Math.max(need, planned ? this.#planned : this.#to + this.#next));
      if (!planned) this.#next = Math.min(MOST, 2 * this.#next);
      this.#streamEnd = to;
      this.#stream = this.#reader.stream(this.#to, to)[Symbol.asyncIterator]();
    }
    const answer = await this.#stream.next();
    if (answer.done !== true) {
      this.#held.push(answer.value);
      this.#to += answer.value.length;
      return;
    }
    this.#stream = null;
    if (this.#to === this.#streamEnd) return;
    const message = `${this.path}: the bytes up to ${this.#streamEnd} were asked for, and they ended at ${this.#to}`;
    throw new AtlasError('ATLAS_INPUT_UNREADABLE', message, { place: { file: this.path } });
  }

  #copy(position: number, target: Uint8Array): number {
    let start = this.#to;
    for (let index = this.#held.length - 1; index >= 0; index -= 1) {
      const chunk = this.#held[index] as Uint8Array;
      start -= chunk.length;
      if (position < start) continue;
      const part = chunk.subarray(position - start, position - start + target.length);
      target.set(part);
      return part.length;
    }
    throw new AtlasError('ATLAS_INTERNAL', `byte ${position} is not among those from ${this.#from} on`);
  }

  #forget(before: number): void {
    for (let first = this.#held[0]; first && this.#from + first.length <= before; first = this.#held[0]) {
      this.#from += first.length;
      this.#held.shift();
    }
  }

  async #restart(position: number): Promise<void> {
    await this.#close();
    this.#held = [];
    this.#from = position;
    this.#to = position;
  }

  async #close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = null;
    await stream?.return?.().catch(() => undefined);
  }
}

/** Fails with ATLAS_INPUT_CHANGED unless the file at `path` still is the one that was surveyed. */
export async function confirmStored(path: string, identity: string, access: InputAccess): Promise<void> {
  const found = await (await storeOf(path, access)).look(path, access);
  if (found.kind !== 'file') throw await refused(path, found, true, access);
  confirmSame(path, identity, identityOf(found));
}

/** What must not change while a file is read: file, length in bytes, time of last change. */
function identityOf(found: Exclude<Found, { kind: 'absent' }>): string {
  return `${found.inode}:${found.length}:${found.modified}`;
}

function confirmSame(path: string, expected: string, found: string): void {
  if (expected === found) return;
  const message = `${path} was file:length:modified ${expected} when the run began, and is ${found} now`;
  throw new AtlasError('ATLAS_INPUT_CHANGED', message, { place: { file: path } });
}

async function refused(path: string, found: Found, surveyed: boolean, access: InputAccess): Promise<AtlasError> {
  const place = { file: path };
  if (surveyed) {
    const now = found.kind === 'absent' ? 'gone' : `a ${found.kind}`;
    return new AtlasError('ATLAS_INPUT_CHANGED', `${path} was a file when the run began, and is ${now} now`, { place });
  }
  if (found.kind !== 'absent') {
    const message = `${path} is a ${found.kind}, a file is needed`;
    const hint = found.kind === 'folder' ? { hint: `Name the files in it by a pattern: ${path}/*.` } : {};
    return new AtlasError('ATLAS_INPUT_UNREADABLE', message, { place, ...hint });
  }
  const folder = await nearestFolder(path, access);
  return new AtlasError('ATLAS_INPUT_NOT_FOUND', `there is no file ${path}; the nearest folder there is: ${folder}`, {
    place,
  });
}

/** Opens a file that is there; one that appears while it is looked for is opened again. */
async function openThere(
  store: Awaited<ReturnType<typeof storeOf>>,
  path: string,
  signal: AbortSignal,
  surveyed: boolean,
  access: InputAccess,
): Promise<StoreReader> {
  try {
    return await store.open(path, { signal });
  } catch (error) {
    access.signal.throwIfAborted();
    if (!isPlain(error)) throw error;
    const found = await store.look(path, access);
    if (found.kind !== 'file') throw await refused(path, found, surveyed, access);
    return await store.open(path, { signal });
  }
}

function unfinished(path: string, length: number): AtlasError {
  const message = `${path} is still being written: ${length} bytes of it can be read so far`;
  const hint =
    'Run again when its writer has closed it; a writer that renames a finished file into place is never met.';
  return new AtlasError('ATLAS_INPUT_UNREADABLE', message, { place: { file: path }, hint });
}

/** A failure that the store has no better word for: to it, reading and writing are the same. */
function isPlain(error: unknown): error is AtlasError {
  return error instanceof AtlasError && error.code === 'ATLAS_STORE_WRITE';
}

function unreadable(path: string, cause: AtlasError): AtlasError {
  return new AtlasError('ATLAS_INPUT_UNREADABLE', `${path} could not be read: ${cause.message}`, {
    cause,
    place: { file: path },
  });
}
