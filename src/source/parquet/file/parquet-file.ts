import { type ColumnChunk, type FileMetaData, parquetMetadata, type RowGroup } from 'hyparquet';
import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import { type Leaf, type SchemaNode, schemaNodes } from '../schema/schema-node.ts';
import { damaged, unsupported } from './damaged.ts';
import type { ParquetInput } from './parquet-input.ts';

/** Where the pages of one column in one row group stand. */
export interface Chunk {
  readonly leaf: Leaf;
  readonly start: number;
  readonly end: number;
  readonly codec: string;
  /** Values, nulls and empty lists among them. */
  readonly values: number;
  readonly decompressed: number;
  readonly encrypted: boolean;
  /** Of its first data page. */
  readonly pages: number;
  /** By name, as the footer lists them. */
  readonly encodings: readonly string[];
  /** null where the footer does not say. */
  readonly nulls: number | null;
  /** As hyparquet reads them, dates and timestamps as the text of their number; undefined where there are none, and of texts. */
  readonly bounds: { readonly least: unknown; readonly greatest: unknown };
}

export interface Group {
  /** Rows before it in the file. */
  readonly firstRow: number;
  readonly rows: number;
  /** One for each leaf of the schema, in order. */
  readonly chunks: readonly Chunk[];
}

/** What the footer of a Parquet file says, held against itself. */
export interface ParquetFile {
  readonly rows: number;
  /** Offset of the footer. */
  readonly footer: number;
  readonly columns: readonly SchemaNode[];
  readonly leaves: readonly Leaf[];
  readonly groups: readonly Group[];
}

const MAGIC = 'PAR1';
const ENCRYPTED = 'PARE';
/** Length and magic at the end. */
const TAIL = 8;
/** Read in one go: most footers are shorter. */
const GUESS = 256 * 1024;
/** A longer footer is taken for damage. */
const LONGEST_FOOTER = 1 << 30;

/** Texts and dates in statistics are not looked at. */
const RAW = {
  timestampFromMilliseconds: String,
  timestampFromMicroseconds: String,
  timestampFromNanoseconds: String,
  dateFromDays: String,
  stringFromBytes: (bytes: Uint8Array) => bytes && new TextDecoder().decode(bytes),
  jsonFromBytes: () => null,
  geometryFromBytes: () => null,
  geographyFromBytes: () => null,
  uuidFromBytes: () => null,
};

/**
 * Reads and checks the footer: magic at both ends, lengths, row counts, chunks that lie within the file and apart from each other.
 * Fails with ATLAS_PARQUET_INVALID, ATLAS_PARQUET_DAMAGED, ATLAS_PARQUET_UNSUPPORTED.
 */
export async function readParquetFile(input: ParquetInput, options: Abortable): Promise<ParquetFile> {
  const { bytes, path } = input;
  if (bytes < MAGIC.length + TAIL) throw invalid(path, `it has ${bytes} bytes, the shortest Parquet file 12`);
  const head = text(await input.read(0, MAGIC.length, options));
  let tail = await input.read(Math.max(0, bytes - GUESS), bytes, options);
  const magic = text(tail.subarray(tail.length - MAGIC.length));
  if (magic === ENCRYPTED || head === ENCRYPTED) throw unsupported(path, 'its footer is encrypted');
  if (head !== MAGIC) throw invalid(path, 'it does not begin with PAR1');
  if (magic !== MAGIC) throw invalid(path, 'it does not end with PAR1: cut off, or still being written');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - TAIL, true);
  const footer = bytes - TAIL - length;
  if (footer < MAGIC.length || length > LONGEST_FOOTER) {
    throw invalid(path, `its footer says that it is ${length} bytes long, the file has ${bytes}`);
  }
  if (length + TAIL > tail.length) tail = await input.read(footer, bytes, options);
  try {
    const metadata = parquetMetadata(tail, { parsers: RAW, geoparquet: false });
    return describeFile(path, footer, metadata);
  } catch (cause) {
    if (cause instanceof AtlasError) throw cause;
    throw invalid(path, `its footer cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

function describeFile(path: string, footer: number, metadata: FileMetaData): ParquetFile {
  const { columns, leaves } = schemaNodes(metadata.schema);
  const groups: Group[] = [];
  let rows = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const found = describeGroup(path, footer, index, group, rows, leaves);
    groups.push(found);
    rows += found.rows;
  }
  if (rows !== wholeNumber(metadata.num_rows)) {
    throw damaged(path, `its footer counts ${metadata.num_rows} rows, its row groups ${rows}`);
  }
  checkApart(path, groups);
  return { rows, footer, columns, leaves, groups };
}

function describeGroup(
  path: string,
  footer: number,
  index: number,
  group: RowGroup,
  firstRow: number,
  leaves: readonly Leaf[],
): Group {
  const rows = wholeNumber(group.num_rows);
  if (group.columns.length !== leaves.length) {
    throw damaged(path, `row group ${index} has ${group.columns.length} columns, the schema ${leaves.length}`);
  }
  const chunks = leaves.map((leaf, at) => describeChunk(path, footer, index, group.columns[at] as ColumnChunk, leaf));
  for (const { leaf, values } of chunks) {
    if (leaf.repetitions > 0 ? values >= rows : values === rows) continue;
    throw damaged(path, `row group ${index} has ${rows} rows, its column ${leaf.path.join('.')} ${values} values`);
  }
  return { firstRow, rows, chunks };
}

function describeChunk(path: string, footer: number, index: number, chunk: ColumnChunk, leaf: Leaf): Chunk {
  const name = leaf.path.join('.');
  const where = `column ${name} of row group ${index}`;
  if (chunk.file_path) throw unsupported(path, `${where} rests in another file`);
  const encrypted = (chunk as { crypto_metadata?: unknown }).crypto_metadata !== undefined;
  const data = chunk.meta_data;
  if (data === undefined) {
    if (encrypted) throw unsupported(path, `${where} is encrypted`);
    throw damaged(path, `${where} has no metadata`);
  }
  if (data.type !== leaf.physical || data.path_in_schema.join('\0') !== leaf.path.join('\0')) {
    throw damaged(path, `${where} says that it is ${data.path_in_schema.join('.')} of type ${data.type}`);
  }
  const pages = wholeNumber(data.data_page_offset);
  const dictionary = data.dictionary_page_offset === undefined ? 0 : wholeNumber(data.dictionary_page_offset);
  const start = dictionary > 0 && dictionary < pages ? dictionary : pages;
  const end = start + wholeNumber(data.total_compressed_size);
  if (start < MAGIC.length || end > footer) {
    throw damaged(path, `${where} stands at bytes ${start} to ${end}, the footer begins at ${footer}`);
  }
  const values = wholeNumber(data.num_values);
  const decompressed = wholeNumber(data.total_uncompressed_size);
  const { null_count: nulls, min_value: least, max_value: greatest } = data.statistics ?? {};
  return {
    leaf,
    start,
    end,
    codec: data.codec,
    values,
    decompressed,
    encrypted,
    pages,
    encodings: data.encodings,
    nulls: nulls === undefined ? null : Number(nulls),
    // texts may be long, and nobody asks
    bounds: data.type === 'BYTE_ARRAY' ? { least: undefined, greatest: undefined } : { least, greatest },
  };
}

/** No byte belongs to two column chunks. */
function checkApart(path: string, groups: readonly Group[]): void {
  const chunks = groups.flatMap((group) => group.chunks.filter(({ start, end }) => end > start));
  chunks.sort((a, b) => a.start - b.start);
  for (const [index, chunk] of chunks.entries()) {
    const next = chunks[index + 1];
    if (next === undefined || chunk.end <= next.start) continue;
    const names = `${chunk.leaf.path.join('.')} and ${next.leaf.path.join('.')}`;
    throw damaged(path, `the columns ${names} overlap at byte ${next.start}`);
  }
}

function wholeNumber(value: bigint | number | undefined): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${String(value)} is no count`);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function invalid(path: string, what: string, cause?: unknown): AtlasError {
  return new AtlasError('ATLAS_PARQUET_INVALID', `${path}: ${what}`, { cause, place: { file: path } });
}
