import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { columnsOf, type Variant } from './variant.ts';
import { randomSource, type Vocabulary, vocabulary } from './vocabulary.ts';

const CHUNK = 4 << 20;
const COMMA = 0x2c;
const QUOTE = 0x22;
const DOUBLED = Buffer.from('""');

/** Appends ASCII and prepared bytes to a chunk that is written out when it is full. */
class RowWriter {
  readonly #file: number;
  readonly #chunk = Buffer.alloc(CHUNK + (1 << 16));
  #at = 0;
  written = 0;
  constructor(file: number) {
    this.#file = file;
  }
  byte(value: number): void {
    this.#chunk[this.#at++] = value;
  }
  bytes(value: Buffer): void {
    for (let i = 0; i < value.length; i++) this.#chunk[this.#at + i] = value[i] as number;
    this.#at += value.length;
  }
  clock(table: Buffer, second: number): void {
    for (let i = 0; i < 8; i++) this.#chunk[this.#at + i] = table[second * 8 + i] as number;
    this.#at += 8;
  }
  /** An unsigned integer with at least `width` digits. */
  digits(value: number, width: number): void {
    let length = width;
    for (let bound = 10 ** width; value >= bound; bound *= 10) length++;
    let rest = value;
    for (let i = this.#at + length - 1; i >= this.#at; i--) {
      const next = Math.floor(rest / 10);
      this.#chunk[i] = 0x30 + (rest - next * 10);
      rest = next;
    }
    this.#at += length;
  }
  back(): void {
    this.#at--;
  }
  flush(force: boolean): void {
    if (this.#at < CHUNK && !force) return;
    let done = 0;
    while (done < this.#at) done += writeSync(this.#file, this.#chunk, done, this.#at - done);
    this.written += this.#at;
    this.#at = 0;
  }
}

/** Writes the table of a variant, seeded, and answers its bytes. The name appears when the file is whole. */
export function writeTable(path: string, variant: Variant, rows: number, seed: number): number {
  const file = openSync(`${path}.part`, 'w');
  const writer = new RowWriter(file);
  const words = vocabulary(seed);
  const random = randomSource(seed + 1);
  const newline = Buffer.from(variant.newline);
  const header = columnsOf(variant).map(({ name }) => (variant.quoteAll ? `"${name}"` : name));
  writer.bytes(Buffer.from(header.join(',') + variant.newline));
  const rejectEvery = Math.round(variant.rejects * 2 ** 32);
  for (let row = 0; row < rows; row++) {
    const damage = random() < rejectEvery ? 1 + (random() % 5) : 0;
    for (let copy = 0; copy < variant.copies; copy++) {
      writeTen(writer, variant, words, random, row, copy === 0 ? damage : 0);
    }
    writer.back();
    if (damage === 5) writer.bytes(Buffer.from(',surplus'));
    writer.bytes(newline);
    writer.flush(false);
  }
  writer.flush(true);
  closeSync(file);
  renameSync(`${path}.part`, path);
  return writer.written;
}

/** Ten cells, each with a comma after it. Damage: 1 = not a number, 2 = not a time, 3 = too large, 4 = a field missing, 5 = one too many. */
function writeTen(
  writer: RowWriter,
  variant: Variant,
  words: Vocabulary,
  random: () => number,
  row: number,
  damage: number,
): void {
  const nullBelow = Math.round(variant.nulls * 2 ** 32);
  const cell = (write: () => void, quoted = variant.quoteAll): void => {
    if (nullBelow === 0 || random() >= nullBelow) {
      if (quoted) writer.byte(QUOTE);
      write();
      if (quoted) writer.byte(QUOTE);
    }
    writer.byte(COMMA);
  };
  const pick = (list: readonly Buffer[]): void => writer.bytes(list[random() % list.length] as Buffer);
  const created = row * 13 + (random() % 40);
  const time = (second: number): void => {
    writer.bytes(words.days[Math.floor(second / 86_400) % words.days.length] as Buffer);
    writer.clock(words.clock, second % 86_400);
  };
  const cents = (value: number): void => {
    writer.digits(Math.floor(value / 100), 1);
    writer.byte(0x2e);
    writer.digits(value % 100, 2);
  };
  if (variant.quoteAll) writer.byte(QUOTE);
  writer.digits(7_000_000_000 + row * 3 + (random() % 3), 1);
  if (variant.quoteAll) writer.byte(QUOTE);
  writer.byte(COMMA);
  cell(() => {
    if (damage === 1) writer.bytes(Buffer.from('12x'));
    else writer.digits(damage === 3 ? 70_000 : 1 + (random() % 500), 1);
  });
  cell(() => {
    if (damage === 2) writer.bytes(Buffer.from('2023-13-01 00:00:00'));
    else time(created);
  });
  cell(() => time(created + (random() % 2_592_000)));
  cell(() => cents(random() % 200_000));
  cell(() => cents(random() % 10_000));
  cell(() => pick(words.statuses));
  cell(() => pick(words.cities));
  cell(() => writer.digits(random() % 500_000, 8));
  if (damage === 4) return;
  cell(() => writeNote(writer, pick, words.words, random), true);
}

/** A quoted note of three words; in one of ten rows it holds delimiters and quotes. */
function writeNote(
  writer: RowWriter,
  pick: (list: readonly Buffer[]) => void,
  list: readonly Buffer[],
  random: () => number,
): void {
  pick(list);
  const special = random() % 10 === 0;
  if (special) writer.byte(COMMA);
  writer.byte(0x20);
  if (special) writer.bytes(DOUBLED);
  pick(list);
  if (special) writer.bytes(DOUBLED);
  writer.byte(0x20);
  pick(list);
}
