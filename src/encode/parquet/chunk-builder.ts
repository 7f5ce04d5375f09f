import type { BatchColumn } from '../../batch/batch.ts';
import type { Field } from '../../batch/schema.ts';
import { AtlasError } from '../../errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Bounds, readBounds } from './bounds.ts';
import { checksum } from './checksum.ts';
import type { Codec } from './codec.ts';
import { MODE_PLAIN, STATE, STATUS } from './column-state.ts';
import { ENCODING } from './format.ts';
import { oversizePage } from './oversize-page.ts';
import { dataPageHeader, dictionaryPageHeader } from './page-header.ts';
import type { PhysicalType } from './physical-type.ts';
import { type KeptIndices, plainPage, textOffsets } from './plain-page.ts';

/** One finished data page. */
export interface DataPage {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly uncompressed: number;
  readonly encoding: number;
  readonly rows: number;
  readonly nulls: number;
  readonly bounds: Bounds | null;
}

/** A finished chunk: its pages in the order they are read. */
export interface Chunk {
  readonly dictionary: { readonly header: Uint8Array; readonly body: Uint8Array; readonly uncompressed: number } | null;
  readonly pages: readonly DataPage[];
}

interface PlainPage {
  readonly plain: Uint8Array;
  readonly bounds: Bounds | null;
}

/** Builds one column's chunk of the row group at hand: rows in, compressed pages out. Its state lies in kernel memory. */
export class ChunkBuilder {
  readonly field: Field;
  readonly physical: PhysicalType;
  readonly #kernel: Kernel;
  readonly #state: number;
  readonly #codec: Codec;
  readonly #dictionaryEncoding: number;
  /** Old readers look every value of a chunk up in its dictionary, so that there all pages have one or none has. */
  readonly #uniform: boolean;
  #pages: DataPage[] = [];
  #kept: KeptIndices[] = [];

  /** `state` is the address of an opened column state. */
  constructor(
    field: Field,
    physical: PhysicalType,
    kernel: Kernel,
    state: number,
    options: { readonly codec: Codec; readonly compatible: boolean },
  ) {
    this.field = field;
    this.physical = physical;
    this.#kernel = kernel;
    this.#state = state;
    this.#codec = options.codec;
    this.#uniform = options.compatible;
    this.#dictionaryEncoding = options.compatible ? ENCODING.plainDictionary : ENCODING.dictionary;
  }

  /** Begins a row group that will have about `expectedRows` rows. */
  begin(expectedRows: number): void {
    this.#pages = [];
    this.#kept = [];
    this.#kernel.exports.parquetChunkBegin(this.#state, expectedRows);
  }

  /** Appends rows `from` to `to` (exclusive). Throws ATLAS_CAST_RANGE where seconds do not fit as milliseconds. */
  append(column: BatchColumn, from: number, to: number): void {
    const validity = column.nullCount > 0 ? column.validity : 0;
    if (validity !== 0 && !this.field.nullable) {
      throw new AtlasError(
        'ATLAS_INTERNAL',
        `${column.nullCount} nulls in column ${this.field.name}, which takes none`,
      );
    }
    const { exports } = this.#kernel;
    let at = from;
    for (;;) {
      at = exports.parquetAppend(this.#state, column.values, column.data, validity, at, to);
      if (at === to) return;
      switch (this.#read(STATE.status)) {
        case STATUS.full:
          this.#closePage();
          break;
        case STATUS.oversize:
          this.#add(oversizePage(this.#kernel, column, at, this.field.nullable), ENCODING.plain, 1, 0);
          at += 1;
          if (at === to) return;
          break;
        default:
          throw new AtlasError('ATLAS_CAST_RANGE', `seconds in column ${this.field.name} do not fit as milliseconds`, {
            place: { column: this.field.name },
          });
      }
    }
  }

  /** Ends the chunk. */
  finish(): Chunk {
    const { exports, bytes } = this.#kernel;
    exports.parquetChunkEnd(this.#state);
    if (this.#read(STATE.rows) > 0) this.#closePage();
    const pages = this.#pages;
    this.#pages = [];
    this.#kept = [];
    if (this.#read(STATE.dictionaryPages) === 0) return { dictionary: null, pages };
    const address = this.#read(STATE.dictionary);
    const plain = bytes.subarray(address, address + this.#read(STATE.dictionaryLength));
    const body = this.#codec.compress(plain);
    const encoding = this.#dictionaryEncoding === ENCODING.dictionary ? ENCODING.plain : ENCODING.plainDictionary;
    const sizes = { uncompressed: plain.byteLength, compressed: body.byteLength, checksum: checksum(body) };
    const header = dictionaryPageHeader(sizes, this.#read(STATE.dictionaryCount), encoding);
    return { dictionary: { header, body, uncompressed: plain.byteLength }, pages };
  }

  #read(field: number): number {
    return this.#kernel.view.getUint32(this.#state + field, true);
  }

  #closePage(): void {
    const { exports, bytes, view } = this.#kernel;
    exports.parquetPageEnd(this.#state);
    const address = this.#read(STATE.outAddress);
    const encoding = this.#read(STATE.outEncoding);
    const rows = this.#read(STATE.rows);
    this.#add(
      {
        plain: bytes.subarray(address, address + this.#read(STATE.outLength)),
        bounds: readBounds(view, this.#state, this.physical.kernel),
      },
      encoding === ENCODING.dictionary ? this.#dictionaryEncoding : encoding,
      rows,
      rows - this.#read(STATE.values),
    );
    if (this.#uniform && encoding === ENCODING.dictionary) this.#kept.push(this.#keepIndices(address));
    exports.parquetPageNext(this.#state);
    if (this.#kept.length > 0 && this.#read(STATE.mode) === MODE_PLAIN) this.#dropDictionary();
  }

  #keepIndices(address: number): KeptIndices {
    const { buffer } = this.#kernel.memory;
    return {
      page: this.#pages.length - 1,
      indices: new Uint32Array(buffer, this.#read(STATE.page), this.#read(STATE.values)).slice(),
      levels: new Uint8Array(buffer, address, this.#read(STATE.levelsLength)).slice(),
    };
  }

  /** Writes the pages of indices again as PLAIN: the dictionary became too large to go on with. */
  #dropDictionary(): void {
    const address = this.#read(STATE.dictionary);
    const dictionary = this.#kernel.bytes.subarray(address, address + this.#read(STATE.dictionaryLength));
    const offsets = textOffsets(dictionary);
    for (const kept of this.#kept) {
      const page = this.#pages[kept.page]!;
      const plain = plainPage(kept, dictionary, offsets);
      this.#pages[kept.page] = this.#page({ plain, bounds: page.bounds }, ENCODING.plain, page.rows, page.nulls);
    }
    this.#kept = [];
    this.#kernel.view.setUint32(this.#state + STATE.dictionaryPages, 0, true);
  }

  #add(page: PlainPage, encoding: number, rows: number, nulls: number): void {
    this.#pages.push(this.#page(page, encoding, rows, nulls));
  }

  #page(page: PlainPage, encoding: number, rows: number, nulls: number): DataPage {
    const body = this.#codec.compress(page.plain);
    const sizes = { uncompressed: page.plain.byteLength, compressed: body.byteLength, checksum: checksum(body) };
    const header = dataPageHeader(sizes, rows, encoding);
    return { header, body, uncompressed: page.plain.byteLength, encoding, rows, nulls, bounds: page.bounds };
  }
}
