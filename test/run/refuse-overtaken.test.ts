import { describe, expect, it } from 'vitest';
import { openLedger } from '../../src/registry.ts';
import { refuseOvertaken } from '../../src/run/refuse-overtaken.ts';
import { datasetOf, Project } from './project.ts';
import { whileHeld } from './while-held.ts';

describe('what was compared with an older run than the last one', () => {
  it('is not published', async () => {
    using project = new Project([datasetOf('t', { n: 'int32' })]);
    project.write('t.csv', 'n\n1\n');
    const [plan] = await project.plans();
    if (plan === undefined) throw new Error('no plan');
    const first = await project.load();
    await using ledger = await openLedger(project.path('.atlas/ledger.db'));
    await refuseOvertaken(plan, first.run, first.target, ledger);
    await expect(refuseOvertaken(plan, null, first.target, ledger)).rejects.toMatchObject({
      code: 'ATLAS_TARGET_LOCKED',
      message: expect.stringContaining(`run ${first.run} published t`),
    });
    project.write('t.csv', 'n\n2\n');
    const second = await project.load();
    await expect(refuseOvertaken(plan, first.run, first.target, ledger)).rejects.toMatchObject({
      code: 'ATLAS_TARGET_LOCKED',
    });
    await refuseOvertaken(plan, second.run, second.target, ledger);
  });
});

describe('a target that is held', () => {
  it('is said to be held, though the inputs cannot be read either', async () => {
    using project = new Project([datasetOf('t', { n: 'int32' })]);
    project.write('out/.keep', '');
    await whileHeld(project, async () => {
      expect((await project.load()).error?.code).toBe('ATLAS_TARGET_LOCKED');
    });
    expect((await project.load()).error?.code).toMatch(/^ATLAS_INPUT_/);
  });
});
