import { describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import { selectDatasets } from '../../src/metadata/select-datasets.ts';
import { unusedVariables, variablesUsed } from '../../src/metadata/unused-variables.ts';
import { planGroup } from '../../src/plan/plan-group.ts';
import { groupOf, type Parts, planned } from './planned.ts';

function failure(parts: Parts): AtlasError {
  try {
    planned(parts);
  } catch (error) {
    if (error instanceof AtlasError) return error;
    throw error;
  }
  throw new Error('it was planned');
}

const feature = (more: object) => ({ source: { features: [{ name: 'x', type: 'string', ...more }] } });

describe('a plan', () => {
  it('is resolved: absolute paths, byte values, defaults', () => {
    const plan = planned();
    expect(plan.source).toMatchObject({
      type: 'csv',
      path: '/project/in/a.csv',
      root: '/project',
      delimiter: 44,
      quote: 34,
      escape: 34,
      columns: null,
      nullValues: [''],
    });
    expect(plan.destination).toMatchObject({ path: '/project/out/a.parquet', folder: false, compressionLevel: null });
    expect(plan).toMatchObject({ ocs: 'g', dataset: 'a', onError: 'fail', maxRejects: null, rejectsPath: null });
    expect(plan.schema.fields).toEqual([
      { name: 'x', type: { kind: 'int', bits: 64, signed: true }, nullable: true, sensitive: false },
    ]);
  });

  it('survives postMessage and JSON', () => {
    const plan = planned();
    expect(structuredClone(plan)).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('is the same for the same input', () => {
    expect(planned()).toEqual(planned());
  });

  it('knows the bytes of the dialect', () => {
    const { source } = planned({ source: { delimiter: '\t', quote: "'", escape: '\\' } });
    expect(source).toMatchObject({ delimiter: 9, quote: 39, escape: 92 });
    expect(planned({ source: { quote: "'" } }).source).toMatchObject({ escape: 39 });
    expect(planned({ source: { quote: null } }).source).toMatchObject({ quote: null });
  });

  it('absolute paths and standard input stay what they are', () => {
    expect(planned({ source: { path: '/data/x.csv' } }).source.path).toBe('/data/x.csv');
    expect(planned({ source: { path: '-' } }).source.path).toBe('-');
  });

  it('folders: a name that ends in /, partitions, several files', () => {
    for (const destination of [
      { path: 'out/a/' },
      { path: 'out/a', max_rows_per_file: 5 },
      { path: 'out/a', partition_by: ['y'] },
    ]) {
      const source = {
        features: [
          { name: 'x', type: 'int' },
          { name: 'y', type: 'int' },
        ],
      };
      const plan = planned({ source, destination });
      expect(plan.destination).toMatchObject({ path: '/project/out/a', folder: true });
      expect(plan.schema.fields).toHaveLength(2);
    }
  });

  it('limits of rejects: rows and shares', () => {
    const limit = (max_rejects: unknown) => planned({ dataset: { on_error: 'reject', max_rejects } }).maxRejects;
    expect(limit(0)).toEqual({ kind: 'rows', rows: 0 });
    expect(limit('1%')).toEqual({ kind: 'share', share: 0.01 });
    expect(limit('0.5%')).toEqual({ kind: 'share', share: 0.005 });
    expect(limit('100%')).toEqual({ kind: 'share', share: 1 });
  });

  it('features inherit formats and zones', () => {
    const features = [
      { name: 'd', type: 'date' },
      { name: 'own', type: 'date', format: '%Y%m%d' },
      { name: 't', type: 'timestamptz' },
      { name: 'z', type: 'timestamptz', timezone: 'Asia/Tokyo', format: '%F' },
      { name: 'h', type: 'time' },
      { name: 'i', type: 'int' },
      { name: 'c', type: 'date', value: '2024-01-01' },
    ];
    const source = { date_format: '%d/%m/%Y', timestamp_format: '%d/%m/%Y %T', timezone: 'Europe/Berlin', features };
    expect(planned({ source }).source.features.map(({ format, timezone }) => [format, timezone])).toEqual([
      ['%d/%m/%Y', 'Europe/Berlin'],
      ['%Y%m%d', 'Europe/Berlin'],
      ['%d/%m/%Y %T', 'Europe/Berlin'],
      ['%F', 'Asia/Tokyo'],
      [null, 'Europe/Berlin'],
      [null, 'Europe/Berlin'],
      [null, 'Europe/Berlin'],
    ]);
  });

  it('constants', () => {
    const constant = (value: string, type = 'string', variables = {}) =>
      planned({ ...feature({ value, type }), variables }).source.features[0]?.constant;
    expect(constant('@file')).toEqual({ kind: 'file' });
    expect(constant('@line', 'int')).toEqual({ kind: 'line' });
    expect(constant('@loaded_at', 'timestamptz')).toEqual({ kind: 'loaded_at' });
    expect(constant('text')).toEqual({ kind: 'text', text: 'text' });
    expect(constant('')).toEqual({ kind: 'text', text: '' });
    expect(constant('@@file')).toEqual({ kind: 'text', text: '@file' });
    // what comes from a run variable is text, whatever it looks like
    expect(constant('{{ v }}', 'string', { v: '@file' })).toEqual({ kind: 'text', text: '@file' });
    expect(constant('{{ v }}', 'string', { v: '{{ v }}' })).toEqual({ kind: 'text', text: '{{ v }}' });
    expect(constant("{{ '{{' }} v }}")).toEqual({ kind: 'text', text: '{{ v }}' });
  });

  it('names that every object has are names like any other', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const plan = planned({ source: { features: names.map((name) => ({ name, type: 'int' })) } });
    expect(plan.schema.fields.map((field) => field.name)).toEqual(names);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });
});

describe('constants that can never be their type are refused', () => {
  it.each([
    ['int', 'abc'],
    ['int8', '128'],
    ['uint8', '-1'],
    ['double', 'x'],
    ['decimal(5,2)', ''],
    ['boolean', 'maybe'],
    ['date', '01.02.2024'],
    ['timestamp', 'now'],
    ['time', 'noon'],
    ['uuid', '123'],
  ])('%s %j', (type, value) => {
    const error = failure(feature({ type, value }));
    expect(error).toMatchObject({ code: 'ATLAS_META_INVALID', exit: 2 });
    expect(error.message).not.toContain(`"${value}"`);
    expect(error.place.path).toBe('dataset_config[0].source.features[0].value');
  });

  it.each([
    ['int', '-12'],
    ['int8', '-128'],
    ['uint64', '18446744073709551615'],
    ['double', '-inf'],
    ['decimal(5,2)', '1.5'],
    ['boolean', 'TRUE'],
    ['date', '2024-02-29'],
    ['timestamptz', '2024-02-29T00:00:00Z'],
    ['time', '12:00'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000'],
    ['json', '{'],
    ['binary', ''],
  ])('but not %s %j', (type, value) => {
    expect(planned(feature({ type, value })).source.features[0]?.constant).toEqual({ kind: 'text', text: value });
  });
});

describe('what is known to be lost is an error of the plan', () => {
  const timestamp = (type: string, more: object = {}) => feature({ type, format: '%F %T.%f', ...more });

  it('fractions into whole seconds', () => {
    expect(failure(timestamp('timestamp'))).toMatchObject({
      code: 'ATLAS_PLAN_LOSSY',
      hint: 'Declare timestamp(us), or set on_loss.',
    });
    expect(failure(timestamp('timestamptz(s)')).hint).toBe('Declare timestamptz(us), or set on_loss.');
    expect(failure(feature({ type: 'time(s)', format: '%T.%f' })).hint).toBe('Declare time(us), or set on_loss.');
  });

  it('but not where it is wanted, or nothing is lost', () => {
    expect(() => planned(timestamp('timestamp', { on_loss: 'truncate' }))).not.toThrow();
    expect(() => planned(timestamp('timestamp(ms)'))).not.toThrow();
  });
});

describe('run variables', () => {
  const source = { path: 'in/{{ ds }}/{{ocs}}.csv' };
  const destination = { path: 'out/{{ dataset }}/{{ ds }}.parquet' };

  it('are filled in; ocs and dataset are built in', () => {
    const dataset = { on_error: 'reject', max_rejects: 1, rejects: 'bad/{{ dataset }}-{{ ds }}/' };
    const plan = planned({ source, destination, dataset, variables: { ds: '2024' } });
    expect(plan.source.path).toBe('/project/in/2024/g.csv');
    expect(plan.destination.path).toBe('/project/out/a/2024.parquet');
    expect(plan.rejectsPath).toBe('/project/bad/a-2024/');
  });

  it('without a value: every place, what is known, the nearest', () => {
    const error = failure({ source, destination, variables: { dss: 'x' } });
    expect(error).toMatchObject({ code: 'ATLAS_META_VARIABLE', exit: 2 });
    expect(error.problems.map(({ place, message, hint }) => [place.path, message, hint])).toEqual([
      [
        'dataset_config[0].source.path',
        '{{ ds }} has no value; known: dss, ocs, dataset',
        'Did you mean {{ dss }}? Pass --var ds=….',
      ],
      [
        'dataset_config[0].destination.path',
        '{{ ds }} has no value; known: dss, ocs, dataset',
        'Did you mean {{ dss }}? Pass --var ds=….',
      ],
    ]);
  });

  it('tenant and table are known where they are given', () => {
    const path = 'in/{{ tenant }}/{{ table }}.csv';
    expect(failure({ source: { path } }).problems).toHaveLength(2);
    expect(planned({ source: { path }, variables: { tenant: 't', table: 'u' } }).source.path).toBe(
      '/project/in/t/u.csv',
    );
  });

  it.each(['ocs', 'dataset'])('%s cannot be given', (name) => {
    expect(failure({ variables: { [name]: 'x' } })).toMatchObject({ code: 'ATLAS_USAGE' });
  });

  it('what they make of a path is checked again', () => {
    const target = (value: string, more: object = {}) =>
      failure({ destination: { path: '{{ p }}', ...more }, variables: { p: value } }).message;
    expect(target('out/x')).toMatch(/neither a file/);
    expect(target('hdfs://lake/x.parquet')).toMatch(/no connection "lake"/);
    expect(target('x\0.parquet')).toMatch(/NUL/);
    expect(target('x.parquet', { max_rows_per_file: 1 })).toMatch(/which is one file/);
    expect(failure({ source: { path: '{{ p }}' }, variables: { p: 's3://b/x.csv' } }).message).toMatch(/s3:\/\//);
  });

  it('unused ones are a warning, with the nearest that is used', () => {
    const { dataset_config } = groupOf({ source, destination });
    expect(variablesUsed(dataset_config)).toEqual(['ds', 'ocs', 'dataset']);
    expect(unusedVariables(dataset_config, { ds: 'x' })).toEqual([]);
    expect(unusedVariables(dataset_config, { dz: 'x', __proto__x: 'y' }).map(({ hint }) => hint)).toEqual([
      'Did you mean ds?',
      'Leave it out.',
    ]);
  });
});

describe('rejects never stand where readers look', () => {
  const at = (rejects: string, path: string) => ({
    destination: { path },
    dataset: { on_error: 'reject', max_rejects: 1, rejects },
  });
  it.each([
    ['out/bad.jsonl', 'out/a.parquet'],
    ['out/', 'out/a.parquet'],
    ['out/a/bad.jsonl', 'out/a/'],
    ['out/a/_bad/', 'out/a/'],
    ['{{ dataset }}.jsonl', 'a.parquet'],
  ])('%s for %s is refused', (rejects, path) => {
    const error = failure(at(rejects, path));
    expect(error).toMatchObject({ code: 'ATLAS_META_INVALID', place: { path: 'dataset_config[0].rejects' } });
  });
  it.each([
    ['bad/', 'out/a.parquet'],
    ['out/_bad.jsonl', 'out/a.parquet'],
    ['out/.bad/', 'out/a.parquet'],
    ['out/rejects/a.jsonl', 'out/a.parquet'],
    ['out/a-bad.jsonl', 'out/a/'],
  ])('%s for %s is not', (rejects, path) => {
    expect(() => planned(at(rejects, path))).not.toThrow();
  });
});

describe('several datasets', () => {
  const group = groupOf({});
  it('are planned in document order, or not at all', () => {
    expect(planGroup(group, selectDatasets(group, []), { root: '/p', variables: {} })).toHaveLength(1);
    expect(() => selectDatasets(group, ['b'])).toThrow(/which is no dataset of g/);
    const bad = groupOf({ source: { path: '{{ one }}' }, destination: { path: '{{ two }}' } });
    const twice = { ...bad, dataset_config: [...bad.dataset_config, ...bad.dataset_config] };
    try {
      planGroup(twice, twice.dataset_config, { root: '/p', variables: {} });
      expect.unreachable();
    } catch (error) {
      expect((error as AtlasError).problems).toHaveLength(6);
    }
  });
});
