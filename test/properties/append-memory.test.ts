import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { query } from '../run/duck.ts';
import { datasetOf, Project } from '../run/project.ts';

/** What may happen between two loads of a glob into a folder. */
type Step =
  | { readonly kind: 'write'; readonly name: number; readonly content: number }
  | { readonly kind: 'remove'; readonly name: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'load'; readonly force: boolean };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('write' as const), name: fc.nat(4), content: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), name: fc.nat(4) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('load' as const), force: fc.nat(5).map((n) => n === 0) }) },
  ),
  { minLength: 3, maxLength: 12 },
);

/** Contents 0 to 2 have one length, 3 to 5 another one; the id tells which it is. */
const csvOf = (content: number) => `id\n${content}\n${content < 3 ? '' : `${content}\n`}`;
const rowsOf = (content: number) => (content < 3 ? 1 : 2);

it('append adds each content once while the target holds it, whatever inputs are called', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      using project = new Project([
        datasetOf(
          't',
          { id: 'int32' },
          { source: { path: 'in/*.csv' }, destination: { path: 'out/t/', mode: 'append' } },
        ),
      ]);
      const inputs = new Map<number, number>();
      let held: number[] = [];
      for (const step of all) {
        if (step.kind === 'write') {
          inputs.set(step.name, step.content);
          project.write(`in/${step.name}.csv`, csvOf(step.content));
        } else if (step.kind === 'remove') {
          inputs.delete(step.name);
          rmSync(project.path(`in/${step.name}.csv`), { force: true });
        } else if (step.kind === 'drop') {
          held = [];
          rmSync(project.path('out/t'), { recursive: true, force: true });
        } else if (inputs.size > 0) {
          const contents = [...inputs.values()];
          const fresh = step.force ? contents : [...new Set(contents)].filter((each) => !held.includes(each));
          const receipt = await project.load({ force: step.force });
          expect(receipt.error).toBeNull();
          expect(receipt.outcome).toBe(fresh.length === 0 ? 'skipped' : 'published');
          expect(receipt.rows.published).toBe(fresh.reduce((sum, each) => sum + rowsOf(each), 0));
          expect(receipt.inputs).toHaveLength(fresh.length);
          expect(receipt.skippedInputs ?? []).toHaveLength(contents.length - fresh.length);
          held.push(...fresh);
        }
      }
      const rows =
        held.length === 0 ? [] : await query(`SELECT id FROM '${project.path('out/t/*.parquet')}' ORDER BY id`);
      const wanted = held.flatMap((content) => Array<number>(rowsOf(content)).fill(content));
      expect(rows.map(([id]) => id)).toEqual(wanted.sort((a, b) => a - b));
    }),
    { numRuns: Number(process.env['ATLAS_PROPERTY_RUNS'] ?? 12) },
  );
});
