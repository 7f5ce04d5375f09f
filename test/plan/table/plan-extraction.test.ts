import { expect, it } from 'vitest';
import { postgresSourceSchema } from '../../../src/metadata/table-source-schema.ts';
import { planTableSource } from '../../../src/plan/table/plan-table-source.ts';
import { Templates } from '../../../src/plan/templates.ts';

function problemsOf(keys: object): readonly string[] {
  const source = postgresSourceSchema.parse({ type: 'postgresql', connection: 'shop', features: '*', ...keys });
  const problems: ConstructorParameters<typeof Templates>[2] = [];
  const places = { root: '/', connections: {} };
  planTableSource(source, null, 'fail', places, new Templates({ ds: '2024-01-01' }, 'dataset_config[0]', problems));
  return problems.map(({ place, message }) => `${place.path}: ${message}`);
}

it('refuses COPY where a value is bound, for COPY binds none', () => {
  const where = 'day = {{ ds }}';
  expect(problemsOf({ table: 't', where, extraction: 'copy' })).toEqual([
    'dataset_config[0].source.extraction: extraction is copy, but where holds a run variable, which is bound: COPY binds none',
  ]);
  expect(problemsOf({ query: `SELECT 1 WHERE ${where} AND ${where}`, extraction: 'copy' })).toEqual([
    'dataset_config[0].source.extraction: extraction is copy, but query holds 2 run variables, which are bound: COPY binds none',
  ]);
  for (const extraction of ['auto', 'cursor']) expect(problemsOf({ table: 't', where, extraction })).toEqual([]);
  expect(problemsOf({ table: 't', where: 'day > now()', extraction: 'copy' })).toEqual([]);
});
