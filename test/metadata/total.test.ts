import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpolate, splitReferences } from '../../src/metadata/interpolate.ts';
import { parseDotEnv } from '../../src/metadata/parse-dot-env.ts';
import { parseGroup } from '../../src/metadata/parse-group.ts';
import { fillVariables, variablesOf } from '../../src/metadata/run-variables.ts';
import { FIXTURE_ENVIRONMENT } from './fixture-environment.ts';

const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'ocs',
  'version',
  'connections',
  'defaults',
  'dataset_config',
  'name',
  'source',
  'destination',
  'type',
  'path',
  'features',
  'needs',
  'partition_by',
  'columns',
  'value',
  'password',
  'max_rejects',
];
const WORDS = [
  'csv',
  'parquet',
  'postgresql',
  '${X}',
  '${X:-y}',
  '${file:/z}',
  '{{ ds }}',
  '{{',
  '__proto__',
  'int',
  '-',
  '',
];

/** Documents that come near to being right, with every kind of value in every place. */
const nearDocument = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...WORDS),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 6 })
    .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${json(value)}`).join(',')}}`)
    .map((text) => ({ text })),
})).object as fc.Arbitrary<{ text: string }>;

function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (typeof value === 'object' && value !== null && 'text' in value) return String(value.text);
  return JSON.stringify(value);
}

function mustHold(text: string, file: string): void {
  const { group, problems, warnings } = parseGroup(text, file, FIXTURE_ENVIRONMENT);
  expect(group === null).toBe(problems.length > 0);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  for (const { code, message, place, hint } of [...problems, ...warnings]) {
    expect(code).toMatch(/^ATLAS_META_/);
    expect(message).not.toBe('');
    expect(hint).not.toBe('');
    expect(place.file).toBe(file);
    expect(place.line).toBeGreaterThanOrEqual(1);
    expect(place.line).toBeLessThanOrEqual(lines.length);
    expect(place.column).toBeGreaterThanOrEqual(1);
    expect(place.column).toBeLessThanOrEqual((lines[(place.line ?? 1) - 1] ?? '').length + 1);
  }
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

describe('parsing is total: it answers, whatever the text', () => {
  it('garbage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('g.json', 'g.jsonc'), (text, file) => {
        mustHold(text, file);
      }),
    );
  });

  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => mustHold(text, 'g.json')));
  });

  it('documents that are nearly right', () => {
    fc.assert(
      fc.property(nearDocument, ({ text }) => mustHold(text, 'g.json')),
      { numRuns: 500 },
    );
  });

  it('a right document with one character changed', () => {
    const right = JSON.stringify(
      {
        ocs: 'g',
        dataset_config: [
          {
            name: 'a',
            source: { type: 'csv', path: 'a', features: [{ name: 'x', type: 'decimal(9,2)' }] },
            destination: { type: 'parquet', path: 'a.parquet' },
          },
        ],
      },
      null,
      1,
    );
    fc.assert(
      fc.property(fc.nat(right.length - 1), fc.string({ maxLength: 1, unit: 'binary' }), (at, letter) => {
        mustHold(right.slice(0, at) + letter + right.slice(at + 1), 'g.json');
      }),
      { numRuns: 300 },
    );
  });

  it('nesting without end', () => {
    for (const bracket of ['[', '{"a":', '[{"a":']) mustHold(bracket.repeat(200_000), 'g.json');
  });
});

describe('interpolation is total', () => {
  const environment = { variables: { A: 'x', B: '${A}', E: '' }, files: new Map([['f', { text: 'line\n' }]]) };

  it('any text', () => {
    const parts = fc.constantFrom('${', '}', '$', '$${', 'A', ':-', 'file:', 'f', '{', ' ', '\n', '${A}', '${B}');
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (texts) => {
        const text = texts.join('');
        const { problems } = interpolate(text, environment);
        const bad = splitReferences(text).filter((piece) => piece.kind === 'malformed').length;
        expect(problems.length).toBeGreaterThanOrEqual(bad);
        if (!text.includes('${')) expect(interpolate(text, environment)).toEqual({ text, problems: [] });
      }),
    );
  });

  it('what is filled in is not looked at again', () => {
    expect(interpolate('${B} ${E} ${E:-d} ${N:-} ${file:f} $${A} $A', environment)).toEqual({
      text: '${A}  d  line ${A} $A',
      problems: [],
    });
  });

  it('escaping any text gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A') }), (text) => {
        const escaped = text.replaceAll('${', () => '$${');
        expect(interpolate(escaped, environment)).toEqual({ text, problems: [] });
      }),
    );
  });

  it('names that every object has are not variables', () => {
    expect(interpolate('${constructor}${__proto__}', environment).problems).toHaveLength(2);
    expect(fillVariables('{{ constructor }}', {}).missing).toEqual(['constructor']);
  });
});

describe('run variables and .env are total', () => {
  it('any template', () => {
    const parts = fc.constantFrom('{{', '}}', ' ds ', '{', "'", "{{ '{{' }}", '{{ ds }}');
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (texts) => {
        const text = texts.join('');
        const { names, malformed } = variablesOf(text);
        const filled = fillVariables(text, { ds: '{{ ds }}' });
        expect(filled.missing.every((name) => names.includes(name) && name !== 'ds')).toBe(true);
        if (!text.includes('{{')) expect([filled.text, malformed]).toEqual([text, false]);
      }),
    );
  });

  it('any .env', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseDotEnv(text, '.env')).toBeDefined();
      }),
    );
  });

  it('any value survives single quotes', () => {
    fc.assert(
      fc.property(
        fc.string().filter((value) => !value.includes("'")),
        (value) => {
          expect(parseDotEnv(`A='${value}'\nB=2`, '.env')).toEqual({ variables: { A: value, B: '2' }, problems: [] });
        },
      ),
    );
  });
});
