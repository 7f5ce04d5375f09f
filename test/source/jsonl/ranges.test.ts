import { expect, it } from 'vitest';
import { boundFeatures } from '../../../src/plan/bound-features.ts';
import { openJsonlSource } from '../../../src/source/jsonl/jsonl-source.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { Project } from '../../run/project.ts';
import { planOf } from './plan-of.ts';

it.each([
  ['date', '1899-12-31', '1900-01-01', '2299-12-31', '2300-01-01'],
  ['timestamp(us)', '1899-12-31T23:59:59.999999', '1900-01-01', '2299-12-31 23:59:59.999999', '2300-01-01'],
  [
    'timestamptz(ms)',
    '1900-01-01T00:59:59.999+01',
    '1900-01-01T01:00:00+01',
    '2299-12-31T23:59:59.999Z',
    '2300-01-01T00:00Z',
  ],
])('%s: both ends are taken, what is beyond is a reject with its raw text', async (type, ...cells) => {
  using project = new Project();
  project.write('in.jsonl', cells.map((x, n) => `${JSON.stringify({ x, n })}\n`).join(''));
  for (const onLoss of ['reject', 'null']) {
    const features = [
      { name: 'x', type, on_loss: onLoss },
      { name: 'n', type: 'int32' },
    ];
    const plan = planOf({ path: project.path('in.jsonl'), features });
    const bound = { ...plan, features: boundFeatures(plan.features, 'clickhouse') };
    await using source = await openJsonlSource(bound, { reserve: 0, loadedAt: 0n });
    const { rows, rejects } = await readSource(source);
    const kept = onLoss === 'null' ? [0, 1, 2, 3] : [1, 2];
    expect(rows.map(([, n]) => n)).toEqual(kept);
    expect(rows.map(([x]) => x === null)).toEqual(kept.map((n) => n === 0 || n === 3));
    const refused = onLoss === 'null' ? [] : [cells[0], cells[3]];
    expect(rejects.map(({ code, column }) => [code, column])).toEqual(refused.map(() => ['ATLAS_CAST_RANGE', 'x']));
    expect(rejects.map(({ raw }) => JSON.parse(raw ?? '{}').x)).toEqual(refused);
  }
});
