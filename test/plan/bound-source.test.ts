import { expect, it } from 'vitest';
import type { Problem } from '../../src/errors.ts';
import type { DatasetPlan, SourcePlan } from '../../src/flow/dataset-plan.ts';
import { boundFeatures } from '../../src/plan/bound-features.ts';
import { boundSource } from '../../src/plan/bound-source.ts';
import { hashPlan } from '../../src/plan/hash-plan.ts';
import { Templates } from '../../src/plan/templates.ts';
import { planned } from './planned.ts';

const FEATURES = [
  { name: 'id', type: 'int' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamptz(ns)' },
];

function bound(source: SourcePlan): { readonly source: SourcePlan; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  return { source: boundSource(source, 'clickhouse', new Templates({}, 'dataset_config[0]', problems)), problems };
}

it('dates and timestamps know what a ClickHouse holds of them, and survive JSON; nothing changes for Parquet', () => {
  const { source } = planned({ source: { features: FEATURES } });
  expect(source.features.some((feature) => 'range' in feature)).toBe(false);
  const { source: ranged, problems } = bound(source);
  expect(problems).toEqual([]);
  expect(ranged.features.map(({ range }) => range ?? null)).toEqual([
    null,
    { least: '-25567', greatest: '120529' },
    { least: '-2208988800000000000', greatest: '9223372036854775807' },
  ]);
  expect(JSON.parse(JSON.stringify(ranged))).toEqual(ranged);
  const again = boundFeatures(ranged.features, 'clickhouse');
  expect(again.every((feature, index) => feature === ranged.features[index])).toBe(true);
  expect(boundFeatures(ranged.features, 'parquet')).toEqual(source.features);
});

it('a range counts in the hash only where there is one', () => {
  const { notes: _notes, hash, ...plan }: DatasetPlan = planned({ source: { features: FEATURES } });
  expect(hashPlan(plan)).toBe(hash);
  expect(hashPlan({ ...plan, source: bound(plan.source).source })).not.toBe(hash);
});

it.each([
  ['date', '1899-12-31'],
  ['date', '2300-01-01'],
  ['timestamp(ms)', '2300-01-01 00:00'],
  ['timestamptz(us)', '2299-12-31 23:30:00-01:00'],
  ['timestamp(ns)', '2262-04-12'],
])('a constant of %s that is %s is an error of the plan', (type, value) => {
  const { problems } = bound(planned({ source: { features: [{ name: 'c', type, value }] } }).source);
  expect(problems).toMatchObject([
    { code: 'ATLAS_META_INVALID', place: { path: 'dataset_config[0].source.features[0].value' } },
  ]);
  expect(problems[0]?.message).toContain('the value of c is outside what clickhouse holds of');
});

it.each([
  ['date', '1900-01-01'],
  ['timestamp(ms)', '2299-12-31 23:59:59'],
  ['timestamptz(us)', '1900-01-01 00:00:00+00:00'],
])('a constant of %s that is %s is none', (type, value) => {
  expect(bound(planned({ source: { features: [{ name: 'c', type, value }] } }).source).problems).toEqual([]);
});
