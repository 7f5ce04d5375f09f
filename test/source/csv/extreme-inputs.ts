import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { compress } from '@cloudpss/zstd';

/** An input that a careless reader dies of, and what must be said of it. */
export interface ExtremeInput {
  readonly name: string;
  /** Writes the file; `full` is the size that the issue asks for, else one that a test run can afford. */
  write(path: string, full: boolean): void;
  readonly source: object;
  /** Code of the failure, or null where the right result is possible. */
  readonly code: string | null;
  /** Code of the reject that the failure is about, where it is one. */
  readonly reject?: string;
}

const MIB = 1 << 20;
const AB = {
  features: [
    { name: 'a', type: 'int32' },
    { name: 'b', type: 'string' },
  ],
};

function writeRepeated(path: string, head: string, piece: Uint8Array, times: number, tail: string): void {
  const file = openSync(path, 'w');
  writeSync(file, head);
  for (let index = 0; index < times; index += 1) writeSync(file, piece);
  writeSync(file, tail);
  closeSync(file);
}

const line = (full: boolean) => (full ? 1024 : 48);
const names = () => Array.from({ length: 1_000_000 }, (_, index) => `column${index}`).join(',');
/** 10 GiB of zeros, in members or frames of 64 MiB. */
const zeros = (pack: (bytes: Uint8Array) => Uint8Array, head: string) =>
  Buffer.concat([pack(Buffer.from(head)), ...Array<Uint8Array>(160).fill(pack(new Uint8Array(64 * MIB)))]);

export const EXTREME_INPUTS: readonly ExtremeInput[] = [
  {
    name: 'a line of 1 GiB',
    write: (path, full) => writeRepeated(path, 'a,b\n1,x\n2,', Buffer.alloc(MIB, 'y'), line(full), '\n3,z\n'),
    source: AB,
    code: 'ATLAS_REJECTS_FOUND',
    reject: 'ATLAS_CSV_ROW_TOO_LONG',
  },
  {
    name: 'a header of 1 GiB',
    write: (path, full) => writeRepeated(path, 'a,b', Buffer.alloc(MIB, 'y'), line(full), '\n3,z\n'),
    source: AB,
    code: 'ATLAS_CSV_ROW_TOO_LONG',
  },
  {
    name: 'a quote that 1 GiB of lines do not close',
    write: (path, full) => writeRepeated(path, 'a,b\n1,"', Buffer.alloc(MIB, `${'9'.repeat(63)}\n`), line(full), ''),
    source: AB,
    code: 'ATLAS_REJECTS_FOUND',
    reject: 'ATLAS_CSV_QUOTE_UNCLOSED',
  },
  {
    name: 'a skipped line of 1 GiB',
    write: (path, full) => writeRepeated(path, '', Buffer.alloc(MIB, 'y'), line(full), '\na,b\n3,z\n'),
    source: { ...AB, skip_rows: 1 },
    code: 'ATLAS_CSV_ROW_TOO_LONG',
  },
  {
    name: 'a header of 1,000,000 columns',
    write: (path) => writeFileSync(path, `${names()}\n`),
    source: { features: [{ name: 'column7', type: 'string' }] },
    code: 'ATLAS_CSV_TOO_MANY_COLUMNS',
  },
  {
    name: 'a row of 1,000,000 fields',
    write: (path) => writeFileSync(path, `a,b\n${names().replaceAll('column', '')}\n1,x\n`),
    source: { ...AB, max_row_bytes: 16 * MIB },
    code: 'ATLAS_REJECTS_FOUND',
    reject: 'ATLAS_CSV_TOO_MANY_FIELDS',
  },
  {
    name: '100,000,000 empty lines',
    write: (path, full) => writeRepeated(path, 'a,b\n', Buffer.alloc(100_000, '\n'), full ? 1000 : 40, '1,x\n'),
    source: AB,
    code: null,
  },
  {
    name: '100,000,000 empty lines before a header',
    write: (path, full) => writeRepeated(path, '', Buffer.alloc(100_000, '\n'), full ? 1000 : 40, 'a,b\n1,x\n'),
    source: AB,
    code: null,
  },
  {
    name: 'a gzip bomb of 10 GiB',
    write: (path) =>
      writeFileSync(
        path,
        zeros((bytes) => gzipSync(bytes), 'a,b\n1,x\n'),
      ),
    source: AB,
    code: 'ATLAS_INPUT_INFLATES',
  },
  {
    name: 'a gzip bomb of 10 GiB, without a header',
    write: (path) =>
      writeFileSync(
        path,
        zeros((bytes) => gzipSync(bytes), ''),
      ),
    source: { ...AB, header: false, max_inflation_ratio: 1_000_000, max_inflated_bytes: 64 * MIB },
    code: 'ATLAS_INPUT_INFLATES',
  },
  {
    name: 'a zstd bomb of 10 GiB',
    write: (path) =>
      writeFileSync(
        path,
        zeros((bytes) => compress(bytes), 'a,b\n1,x\n'),
      ),
    source: AB,
    code: 'ATLAS_INPUT_INFLATES',
  },
];
