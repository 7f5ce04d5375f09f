import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { Project } from '../run/project.ts';
import { initIn, loadInit } from './init-bed.ts';

/** How a generated file is written. */
interface Writing {
  readonly delimiter: string;
  readonly quote: '"' | "'";
  readonly escape: 'doubled' | 'backslash';
  readonly newline: '\n' | '\r\n' | '\r';
  readonly header: boolean;
  readonly preamble: number;
  readonly encoding: 'utf-8' | 'bom' | 'utf16le' | 'utf16be' | 'latin1';
}

const writing: fc.Arbitrary<Writing> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', '\u001f', '^', '~'),
  quote: fc.constantFrom('"', "'"),
  escape: fc.constantFrom('doubled', 'backslash'),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  header: fc.boolean(),
  preamble: fc.constantFrom(0, 0, 0, 1, 3),
  encoding: fc.constantFrom('utf-8', 'bom', 'utf16le', 'utf16be', 'latin1'),
});

const WORDS = ['Wellington', 'Zürich', 'São Paulo', 'Köln', 'Genève', 'Oslo', 'Málaga', 'Lima', 'Graz', 'Orléans'];
const TAGS = ['new', 'old', 'large', 'small', 'blue'];
const HEADER = ['id', 'city', 'price', 'day', 'note'];

/** Rows of every usual kind of column; notes hold whatever has to be quoted. */
function rowsOf({ delimiter, quote, escape: escaper, newline }: Writing, count: number, seed: number): string[][] {
  const at = (list: readonly string[], index: number): string => list[index % list.length] ?? '';
  const quoted = (text: string): string => {
    const inside =
      escaper === 'doubled'
        ? text.replaceAll(quote, quote + quote)
        : text.replace(/['"\\]/g, (mark) => (mark === quote || mark === '\\' ? `\\${mark}` : mark));
    return quote + inside + quote;
  };
  return Array.from({ length: count }, (_, index) => {
    const tag = at(TAGS, index * 7 + seed);
    const notes = [
      tag,
      quoted(`${tag}${delimiter} ${tag}`),
      quoted(`a ${quote}${tag}${quote} one`),
      quoted(`${tag}${newline}${tag}`),
    ];
    const day = `2024-0${1 + (index % 9)}-${10 + ((index + seed) % 18)}`;
    return [
      String(1000 + index),
      at(WORDS, index * 3 + seed),
      `${index}.${10 + (index % 90)}`,
      day,
      at(notes, index + seed),
    ];
  });
}

function bytesOf(text: string, encoding: Writing['encoding']): Buffer {
  if (encoding === 'bom') return Buffer.from(`\ufeff${text}`);
  if (encoding === 'utf16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return Buffer.from(text, encoding);
}

it('finds back how a file was written, and loads every row of it', async () => {
  await fc.assert(
    fc.asyncProperty(writing, fc.integer({ min: 12, max: 60 }), fc.nat(1000), async (how, count, seed) => {
      const rows = rowsOf(how, count, seed);
      const lines = [...(how.header ? [HEADER] : []), ...rows].map((cells) => cells.join(how.delimiter));
      const before = ['Export of the week', '', 'made by hand'].slice(0, how.preamble);
      const text = [...before, ...lines, ''].join(how.newline);
      using project = new Project();
      project.write('file.csv', bytesOf(text, how.encoding));
      const { document, refused } = await initIn(project, ['file.csv']);
      expect(refused).toBeNull();
      const source = (parse(document) as { dataset_config: [{ source: Record<string, unknown> }] }).dataset_config[0]
        .source;
      expect(source['delimiter'] ?? ',', document).toBe(how.delimiter);
      expect(source['quote'] ?? '"', document).toBe(how.quote);
      expect(source['escape'] ?? null, document).toBe(how.escape === 'backslash' ? '\\' : null);
      expect(source['header'] ?? true, document).toBe(how.header);
      expect(source['skip_rows'] ?? 0, document).toBe(how.preamble);
      const encodings = {
        'utf-8': 'utf-8',
        bom: 'utf-8',
        utf16le: 'utf-16le',
        utf16be: 'utf-16',
        latin1: 'windows-1252',
      };
      expect(source['encoding'] ?? 'utf-8', document).toBe(encodings[how.encoding]);
      const types = (source['features'] as { type: string }[]).map(({ type }) => type.replace(/\(.*/, ''));
      expect(types, document).toEqual(['bigint', 'string', 'decimal', 'date', 'string']);
      const [load] = await loadInit(project, document);
      expect(load?.receipt.outcome, JSON.stringify(load?.receipt.error)).toBe('published');
      expect(load?.receipt.rows).toMatchObject({ read: count, published: count, rejected: 0 });
    }),
    { numRuns: 60, ...(process.env['ATLAS_SEED'] ? { seed: Number(process.env['ATLAS_SEED']) } : {}) },
  );
}, 120_000);
