import { appendFileSync, unlinkSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { datasetOf, Project } from './project.ts';

/** Called once the inputs were looked at, before they are read. */
let between: () => void = () => {};

vi.mock('../../src/registry.ts', async (actual) => {
  const registry = await actual<typeof import('../../src/registry.ts')>();
  return {
    ...registry,
    profileInputs: async (...args: Parameters<typeof registry.profileInputs>) => {
      const profiles = await registry.profileInputs(...args);
      between();
      return profiles;
    },
  };
});

it.each([
  ['grows', (project: Project) => appendFileSync(project.path('in/1.csv'), '2,many\n')],
  ['vanishes', (project: Project) => unlinkSync(project.path('in/2.csv'))],
  ['comes', (project: Project) => project.write('in/3.csv', 'id,other\n4,5\n')],
  ['comes first', (project: Project) => project.write('in/0.csv', 'id,tip\n4,many\n')],
])('an input that %s after its columns were looked at is noticed', async (_how, change) => {
  using project = new Project([
    datasetOf('t', { id: 'int32' }, { source: { path: 'in/*.csv' }, rest: { on_drift: 'evolve' } }),
  ]);
  project.write('in/1.csv', 'id,tip\n1,5\n');
  project.write('in/2.csv', 'id,tip\n2,6\n');
  between = () => change(project);
  const receipt = await project.load();
  expect(['ATLAS_INPUT_CHANGED', 'ATLAS_INPUT_NOT_FOUND']).toContain(receipt.error?.code);
  expect(project.list('out')).toEqual([]);
  between = () => {};
  expect(receipt.rows.read).toBe(0);
});

it('inputs are read once where no column can change', async () => {
  const looks = vi.fn();
  between = looks;
  using project = new Project([
    datasetOf('t', { a: 'string', b: 'double' }, { source: { path: 'in/*.csv' }, rest: { on_drift: 'evolve' } }),
  ]);
  project.write('in/1.csv', 'a,b\nx,5\n');
  expect((await project.load()).error).toBeNull();
  expect(looks).not.toHaveBeenCalled();
  project.write('in/2.csv', 'a,b,c\nx,5,1\n');
  expect((await project.load()).drift?.added).toEqual(['c']);
  expect(looks).toHaveBeenCalledOnce();
});
