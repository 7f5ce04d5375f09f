import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainValue } from '../../src/metadata/document-node.ts';
import { emitJsonSchema } from '../../src/metadata/emit-json-schema.ts';
import { parseGroup } from '../../src/metadata/parse-group.ts';
import { readDocument } from '../../src/metadata/read-document.ts';
import { FIXTURE_ENVIRONMENT } from './fixture-environment.ts';

const FOLDER = new URL('../fixtures/metadata/good/', import.meta.url).pathname;
const environment = { ...FIXTURE_ENVIRONMENT, variables: { SECRET: 'swordfish', PORT: '' } };
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const parse = (name: string) => parseGroup(read(name), name, environment);

describe('good documents', () => {
  it.each(readdirSync(FOLDER))('%s has no problems, and the JSON Schema agrees', (name) => {
    const { group, problems, warnings } = parse(name);
    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
    expect(group?.ocs).toBe(name.replace(/\.jsonc?$/, ''));
    const { node } = readDocument(read(name), name);
    const schema = z.fromJSONSchema(emitJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
    const judged = schema.safeParse(node === null ? null : plainValue(node));
    expect(judged.error?.issues ?? []).toEqual([]);
  });

  it('every default', () => {
    const [dataset] = parse('smallest.json').group?.dataset_config ?? [];
    expect(parse('smallest.json').group).toMatchObject({ version: 1, connections: {} });
    expect(dataset).toEqual({
      name: 'a',
      source: {
        type: 'csv',
        path: 'a.csv',
        compression: 'auto',
        encoding: 'utf-8',
        delimiter: ',',
        row_delimiter: 'auto',
        quote: '"',
        trim: false,
        trailing_delimiter: false,
        header: true,
        repeated_header: 'reject',
        skip_rows: 0,
        null_values: [''],
        quoted_nulls: false,
        true_values: ['true', 'True', 'TRUE', 't', 'T', '1'],
        false_values: ['false', 'False', 'FALSE', 'f', 'F', '0'],
        decimal_separator: '.',
        timezone: 'UTC',
        max_row_bytes: 4 * 1024 ** 2,
        max_columns: 16_384,
        slice_bytes: 32 * 1024 ** 2,
        max_inflated_bytes: 1024 ** 4,
        max_inflation_ratio: 200,
        features: [{ name: 'x', type: 'int', nullable: true, on_loss: 'reject', sensitive: false }],
      },
      destination: {
        type: 'parquet',
        path: 'a.parquet',
        mode: 'overwrite',
        layout: 'plain',
        compression: 'snappy',
        encodings: 'auto',
        row_group_rows: 1_048_576,
        row_group_bytes: 64 * 1024 ** 2,
        page_bytes: 1024 ** 2,
        partition_by: [],
      },
      on_error: 'fail',
      on_empty: 'fail',
      on_drift: 'fail',
      needs: [],
    });
  });

  it('defaults lie deep under each dataset; lists and words are replaced whole', () => {
    const [daily, strict] = parse('everything.jsonc').group?.dataset_config ?? [];
    expect(daily?.source).toMatchObject({ type: 'csv', delimiter: '\t', null_values: ['-'], quote: "'" });
    expect(daily?.destination).toMatchObject({ path: 'out/{{ dataset }}/', compression: 'zstd', compression_level: 3 });
    expect(daily).toMatchObject({ on_error: 'reject', max_rejects: 10 });
    expect(strict?.source).toMatchObject({ delimiter: '\t', null_values: ['', 'NA'], quote: null });
  });

  it('a dataset that fails on bad rows inherits no limit of rejects', () => {
    const [, strict] = parse('everything.jsonc').group?.dataset_config ?? [];
    expect(strict?.on_error).toBe('fail');
    expect(strict?.max_rejects).toBeUndefined();
  });

  it('references are filled in, once, and $${ is a literal', () => {
    const { group } = parse('everything.jsonc');
    expect(group?.connections['shop']).toMatchObject({ port: '5433', password: 'swordfish' });
    const features = group?.dataset_config[0]?.source.features;
    expect(Array.isArray(features) && features.at(-1)?.value).toBe("@@{{ ds }} ${x} {{ '{{' }}");
  });
});
