import { expect, it } from 'vitest';
import { duckdb } from '../source/parquet/parquet-bed.ts';
import { ReplayProject } from './replay-project.ts';

it('rejects of a Parquet file are not replayed, and the refusal says what to do', async () => {
  using project = new ReplayProject([
    {
      name: 't',
      source: { type: 'parquet', path: 'in.parquet', features: [{ name: 'x', type: 'int8' }] },
      destination: { type: 'parquet', path: 'out/t.parquet' },
      on_error: 'reject',
      max_rejects: 5,
    },
  ]);
  await duckdb(`COPY (SELECT unnest([1, 300, 2]) AS x) TO '${project.path('in.parquet')}' (FORMAT parquet)`);
  const first = await project.load();
  expect(first.rows).toMatchObject({ read: 3, published: 2, rejected: 1 });
  await expect(project.again(first.run)).rejects.toMatchObject({
    code: 'ATLAS_REPLAY_NOTHING',
    message: expect.stringContaining('come from Parquet files'),
    hint: 'Mend the source, or its features, and run the group again.',
  });
});
