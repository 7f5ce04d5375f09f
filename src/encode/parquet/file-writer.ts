import { AtlasError } from '../../errors.ts';
import { concatenate } from './concatenate.ts';
import type { EncodePlan } from './encode-plan.ts';
import { type Extent, encodeFooter, type PlacedRowGroup } from './footer.ts';
import { CODEC, MAGIC } from './format.ts';
import { keyValues } from './key-values.ts';
import { encodeOffsetIndex } from './offset-index.ts';
import type { RowGroupFacts } from './row-group-facts.ts';
import { readFooter, spliceFooter } from './splice-footer.ts';
import { WRITER_VERSION } from './writer-version.ts';

/** What the writer needs of a fragment. */
export interface PlaceableFragment {
  readonly rows: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly facts: unknown;
}

/** A file that is to go on: its bytes up to the footer stay as they are. */
export interface WrittenFile {
  readonly footer: Uint8Array;
  /** Where the footer began, and what is added begins. */
  readonly position: number;
}

interface Group {
  readonly offset: number;
  readonly facts: RowGroupFacts;
}

/**
 * Puts row groups together to one Parquet file: `begin`, any number of `place`, `end`. It makes bytes, to be written in
 * the order they come; the I/O is the caller's. With `onto` it makes what follows the data of another file, whose row groups
 * stand first in the new footer.
 */
export class ParquetFileWriter {
  readonly #plan: EncodePlan;
  readonly #groups: Group[] = [];
  readonly #onto: WrittenFile | null;
  readonly #groupsBefore: number;
  #position = 0;
  #rows = 0;
  #ended = false;

  /** Fails with ATLAS_PARQUET_INVALID where the footer of `onto` is none of this writer's. */
  constructor(plan: EncodePlan, onto: WrittenFile | null = null) {
    this.#plan = plan;
    this.#onto = onto;
    const before = onto === null ? { rows: 0, rowGroups: 0 } : readFooter(onto.footer);
    this.#rows = before.rows;
    this.#groupsBefore = before.rowGroups;
  }

  /** Rows so far, with those of the file that goes on. */
  get rows(): number {
    return this.#rows;
  }

  get rowGroups(): number {
    return this.#groupsBefore + this.#groups.length;
  }

  /** Length of the file so far. */
  get bytes(): number {
    return this.#position;
  }

  /** The magic number that a file begins with; nothing where one goes on. */
  begin(): Uint8Array<ArrayBuffer> {
    if (this.#onto !== null) {
      this.#position = this.#onto.position;
      return new Uint8Array();
    }
    this.#position += MAGIC.byteLength;
    return MAGIC.slice();
  }

  /** Places a row group behind the last one: the bytes to write are the fragment's own. */
  place(fragment: PlaceableFragment): Uint8Array<ArrayBuffer>[] {
    const facts = fragment.facts as RowGroupFacts;
    if (facts.format !== 'parquet' || facts.rows !== fragment.rows || this.#position === 0 || this.#ended) {
      throw new AtlasError('ATLAS_INTERNAL', `a fragment of ${fragment.rows} rows does not belong here`);
    }
    this.#groups.push({ offset: this.#position, facts });
    this.#position += fragment.bytes.byteLength;
    this.#rows += fragment.rows;
    return [fragment.bytes];
  }

  /** Page indexes, footer, its length and the magic number. Fails with ATLAS_REPLAY_TARGET where a file of other columns goes on. */
  end(): Uint8Array<ArrayBuffer> {
    this.#ended = true;
    const parts: Uint8Array[] = [];
    const add = (part: Uint8Array): Extent => {
      const extent = { offset: this.#position, length: part.byteLength };
      parts.push(part);
      this.#position += part.byteLength;
      return extent;
    };
    const columnIndexes = this.#groups.map(({ facts }) =>
      facts.columns.map((chunk) => (chunk.columnIndex ? add(chunk.columnIndex) : null)),
    );
    const offsetIndexes = this.#groups.map(({ facts, offset }) =>
      facts.columns.map((chunk) => add(encodeOffsetIndex(chunk.pages, offset))),
    );
    const rowGroups: PlacedRowGroup[] = this.#groups.map(({ facts, offset }, index) => ({
      offset,
      rows: facts.rows,
      columns: facts.columns,
      columnIndexes: columnIndexes[index]!,
      offsetIndexes: offsetIndexes[index]!,
    }));
    const added = encodeFooter({
      schema: this.#plan.schema,
      codec: CODEC[this.#plan.destination.compression],
      rowGroups,
      keyValues: keyValues(this.#plan),
      createdBy: `atlas-ingest version ${WRITER_VERSION}`,
    });
    const footer = this.#onto === null ? added : spliceFooter(this.#onto.footer, added);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, footer.byteLength, true);
    for (const part of [footer, length, MAGIC]) add(part);
    return concatenate(parts);
  }
}
