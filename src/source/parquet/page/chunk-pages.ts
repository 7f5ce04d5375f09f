import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import { damaged, unsupported } from '../file/damaged.ts';
import type { Chunk } from '../file/parquet-file.ts';
import type { ParquetInput } from '../file/parquet-input.ts';
import { crcOf } from './crc.ts';
import { decodePage } from './decode-page.ts';
import { decodePlain, ENCODING } from './decode-values.ts';
import { type Decompress, openDecompress } from './decompress.ts';
import { type PageHeader, readPageHeader } from './page-header.ts';
import type { Page, Values } from './values.ts';

export interface PageLimits {
  /** Bytes fetched in one go, unless a page is larger. */
  readonly fetchBytes: number;
  /** Most bytes of a page, decompressed. */
  readonly maxPageBytes: number;
}

/** Bytes in which most page headers end. */
const HEADER_GUESS = 1024;
/** A longer page header is taken for damage. */
const LONGEST_HEADER = 64 << 20;

/** The pages of one column in one row group, one after the other: of the file no more than one fetch is held. */
export class ChunkPages {
  readonly #input: ParquetInput;
  readonly #chunk: Chunk;
  readonly #limits: PageLimits;
  #decompress: Decompress | null = null;
  #dictionary: Values | null = null;
  #window: Uint8Array = new Uint8Array(0);
  /** Offset in the file of the window. */
  #windowStart = 0;
  #position: number;
  #entries = 0;

  constructor(input: ParquetInput, chunk: Chunk, limits: PageLimits) {
    this.#input = input;
    this.#chunk = chunk;
    this.#limits = limits;
    this.#position = chunk.start;
  }

  /** Bytes of the chunk passed so far. */
  get bytesRead(): number {
    return this.#position - this.#chunk.start;
  }

  /**
   * The next data page, or null at the end, where all values that the footer counts were there.
   * Fails with ATLAS_PARQUET_DAMAGED, ATLAS_PARQUET_UNSUPPORTED, and as the input does.
   */
  async next(options: Abortable): Promise<Page | null> {
    const { path } = this.#input;
    const decompress = await this.#open();
    while (this.#position < this.#chunk.end && this.#entries < this.#chunk.values) {
      const header = await this.#header(options);
      const stored = await this.#take(header.compressed, options);
      if (header.crc !== null && crcOf(stored) !== header.crc) {
        throw damaged(path, `${this.#where(header)} has the checksum ${crcOf(stored)}, its header says ${header.crc}`);
      }
      try {
        if (header.kind === 'index') continue;
        if (header.kind === 'dictionary') {
          this.#dictionary = this.#readDictionary(stored, header, decompress);
          continue;
        }
        const page = decodePage(stored, header, this.#chunk.leaf, this.#dictionary, decompress);
        this.#entries += page.entries;
        if (this.#entries <= this.#chunk.values) return page;
        throw new Error(`it holds more than the ${this.#chunk.values} values of the column`);
      } catch (cause) {
        throw this.#explain(header, cause);
      }
    }
    if (this.#entries === this.#chunk.values) return null;
    throw damaged(path, `column ${this.#name()} ends after ${this.#entries} of ${this.#chunk.values} values`);
  }

  async #open(): Promise<Decompress> {
    if (this.#decompress !== null) return this.#decompress;
    const { codec, encrypted } = this.#chunk;
    const { path } = this.#input;
    if (encrypted) throw unsupported(path, `column ${this.#name()} is encrypted`);
    const decompress = await openDecompress(codec);
    if (decompress === null) throw unsupported(path, `column ${this.#name()} is compressed by ${codec}`);
    this.#decompress = decompress;
    return decompress;
  }

  #readDictionary(stored: Uint8Array, header: PageHeader, decompress: Decompress): Values {
    const { encoding, values, decompressed } = header;
    if (encoding !== ENCODING.plain && encoding !== ENCODING.plainDictionary) {
      throw new Error(`encoding ${encoding} of a dictionary`);
    }
    return decodePlain(decompress(stored, decompressed), 0, values, this.#chunk.leaf);
  }

  async #header(options: Abortable): Promise<PageHeader> {
    const { path } = this.#input;
    const left = this.#chunk.end - this.#position;
    for (let guess = HEADER_GUESS; ; guess *= 4) {
      const bytes = await this.#peek(Math.min(guess, left), options);
      let header: PageHeader | null;
      try {
        header = readPageHeader(bytes);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw damaged(path, `column ${this.#name()} has no page at byte ${this.#position}: ${why}`, cause);
      }
      if (header === null) {
        if (guess < left && guess < LONGEST_HEADER) continue;
        throw damaged(path, `column ${this.#name()} ends inside a page header, at byte ${this.#chunk.end}`);
      }
      this.#check(header, left);
      this.#position += header.length;
      return header;
    }
  }

  #check(header: PageHeader, left: number): void {
    const { path } = this.#input;
    if (header.length + header.compressed > left) {
      throw damaged(path, `${this.#where(header)} has ${header.compressed} bytes, ${left} are left of its column`);
    }
    const { maxPageBytes } = this.#limits;
    if (header.decompressed <= maxPageBytes && header.values <= maxPageBytes) return;
    const message = `${path}: ${this.#where(header)} has ${header.decompressed} bytes and ${header.values} values, max_page_bytes is ${maxPageBytes}`;
    throw new AtlasError('ATLAS_PARQUET_UNSUPPORTED', message, {
      place: { file: path, column: this.#name() },
      hint: 'Raise max_page_bytes, or write the file with smaller pages.',
    });
  }

  /** The next bytes, which are then passed. */
  async #take(length: number, options: Abortable): Promise<Uint8Array> {
    const bytes = await this.#peek(length, options);
    this.#position += length;
    return bytes;
  }

  async #peek(length: number, options: Abortable): Promise<Uint8Array> {
    const from = this.#position - this.#windowStart;
    if (from + length <= this.#window.length) return this.#window.subarray(from, from + length);
    const to = Math.min(this.#chunk.end, this.#position + Math.max(length, this.#limits.fetchBytes));
    this.#window = await this.#input.read(this.#position, to, options);
    this.#windowStart = this.#position;
    return this.#window.subarray(0, length);
  }

  #explain(header: PageHeader, cause: unknown): unknown {
    if (cause instanceof AtlasError) return cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const { path } = this.#input;
    if (/^encoding \d+/.test(why)) return unsupported(path, `${this.#where(header)} uses ${why}, which is not known`);
    return damaged(path, `${this.#where(header)} cannot be decoded: ${why}`, cause);
  }

  #where({ kind }: PageHeader): string {
    const what = kind === 'dictionary' ? 'the dictionary' : 'a page';
    return `${what} of column ${this.#name()} before byte ${this.#position}`;
  }

  #name(): string {
    return this.#chunk.leaf.path.join('.');
  }
}
