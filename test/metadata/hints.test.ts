import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionSchema } from '../../src/metadata/connection-schema.ts';
import { csvSourceSchema } from '../../src/metadata/csv-source-schema.ts';
import { datasetSchema } from '../../src/metadata/dataset-schema.ts';
import { featureSchema } from '../../src/metadata/feature-schema.ts';
import { PLAIN_TYPE_NAMES } from '../../src/metadata/logical-type.ts';
import { nearest, suggest } from '../../src/metadata/nearest.ts';
import { parquetDestinationSchema } from '../../src/metadata/parquet-destination-schema.ts';
import { parseGroup } from '../../src/metadata/parse-group.ts';
import { suggestType } from '../../src/metadata/suggest-type.ts';
import { FIXTURE_ENVIRONMENT } from './fixture-environment.ts';

/** A slip of the pen: the two middle letters change places, or the last one is doubled. */
function misspell(word: string): string {
  const middle = word.length >> 1;
  const swapped = `${word.slice(0, middle - 1)}${word[middle]}${word[middle - 1]}${word.slice(middle + 1)}`;
  return swapped === word ? `${word}${word.at(-1)}` : swapped;
}

const dataset = () => ({
  name: 'a',
  source: { type: 'csv', path: 'a.csv', features: [{ name: 'x', type: 'int' } as Record<string, unknown>] },
  destination: { type: 'parquet', path: 'a.parquet' },
});

function hintsFor(change: (document: ReturnType<typeof dataset>) => unknown, extra: object = {}): readonly string[] {
  const own = dataset();
  change(own);
  const document = { ocs: 'g', ...extra, dataset_config: [own] };
  return parseGroup(JSON.stringify(document), 'g.json', FIXTURE_ENVIRONMENT).problems.map((problem) => problem.hint);
}

describe('did you mean', () => {
  const places: readonly (readonly [string, object, (own: ReturnType<typeof dataset>, key: string) => unknown])[] = [
    ['dataset', datasetSchema.shape, (own, key) => Object.assign(own, { [key]: 1 })],
    ['source', csvSourceSchema.shape, (own, key) => Object.assign(own.source, { [key]: 1 })],
    ['feature', featureSchema.shape, (own, key) => Object.assign(own.source.features[0] ?? {}, { [key]: 1 })],
    ['destination', parquetDestinationSchema.shape, (own, key) => Object.assign(own.destination, { [key]: 1 })],
  ];
  for (const [place, shape, change] of places) {
    it.each(Object.keys(shape))(`${place}: every misspelt key is recognised: %s`, (key) => {
      const wrong = misspell(key);
      expect(hintsFor((own) => change(own, wrong))).toContain(`Did you mean ${JSON.stringify(key)}?`);
    });
  }

  it.each(connectionSchema.options.map((option) => option.shape.type.value))('connection type %s', (type) => {
    const extra = { connections: { c: { type: misspell(type), host: 'h', database: 'd', url: 'http://h' } } };
    expect(hintsFor(() => null, extra)).toContain(`Did you mean ${JSON.stringify(type)}?`);
  });

  it.each([
    ['compression', ['auto', 'none', 'gzip', 'zstd'], 'source'],
    ['compression', ['snappy', 'gzip', 'zstd', 'none'], 'destination'],
    ['mode', ['overwrite', 'error_if_exists'], 'destination'],
    ['encodings', ['auto', 'compatible'], 'destination'],
  ] as const)('words of %s', (key, words, end) => {
    for (const word of words) {
      expect(hintsFor((own) => Object.assign(own[end], { [key]: misspell(word) }))).toContain(
        `Did you mean ${JSON.stringify(word)}?`,
      );
    }
  });

  it.each(PLAIN_TYPE_NAMES.filter((name) => name.length > 3 && !/\d/.test(name)))('type %s', (type) => {
    expect(suggestType(`${type}x`)).toBe(`Did you mean ${JSON.stringify(type)}?`);
    expect(suggestType(type.toUpperCase())).toBe(`Did you mean ${JSON.stringify(type)}?`);
  });

  it('names of other systems', () => {
    expect(suggestType('VARCHAR(10)')).toBe('Did you mean "string"?');
    expect(suggestType('NUMERIC(10, 2)')).toBe('Did you mean "decimal(p,s)"?');
    expect(suggestType('decimal(99)')).toMatch(/^Write decimal\(p,s\)/);
    expect(suggestType('timestamp(minutes)')).toBe('Write timestamp(s|ms|us|ns).');
    expect(suggestType('constructor')).toMatch(/^Possible: /);
  });
});

describe('nearest', () => {
  it('finds the word itself, whatever its case', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1 }), (words) => {
        const [first = ''] = words;
        expect(nearest(first.toUpperCase(), words)?.toLowerCase()).toBe(first.toUpperCase().toLowerCase());
      }),
    );
  });

  it('answers one of the candidates or nothing, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (text, words) => {
        const near = nearest(text, words);
        expect(near === null || words.includes(near)).toBe(true);
        expect(typeof suggest(text, words)).toBe('string');
      }),
    );
  });

  it('does not guess wildly', () => {
    expect(nearest('zzz', ['path', 'type'])).toBeNull();
    expect(nearest('x'.repeat(100_000), ['path'])).toBeNull();
  });
});
