import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Column, compareSchemas, describeChange } from '../../src/plan/compare-schemas.ts';
import { planChanges } from '../../src/plan/plan-changes.ts';
import { receiptSchema } from '../../src/plan/receipt-schema.ts';
import { planned } from './planned.ts';

const column = (name: string, type = 'int64', nullable = true): Column => ({ name, type, nullable });
const said = (before: Column[], after: Column[]) => compareSchemas(before, after).map(describeChange);

describe('two schemas', () => {
  it('every kind of change', () => {
    expect(said([column('a')], [column('a'), column('b', 'date')])).toEqual(['b is new: date']);
    expect(said([column('a'), column('b', 'date')], [column('a')])).toEqual(['b is gone: it was date']);
    expect(said([column('a')], [column('a', 'string')])).toEqual(['a was int64 and becomes string']);
    expect(said([column('a')], [column('a', 'int64', false)])).toEqual(['a may be null no longer']);
    expect(said([column('a', 'int64', false)], [column('a')])).toEqual(['a may be null now']);
    expect(said([column('a'), column('b')], [column('b'), column('a')])).toEqual([
      'the columns change their order: b, a',
    ]);
    expect(said([column('a')], [column('A')])).toEqual(['A is new: int64', 'a is gone: it was int64']);
  });

  it('the same schema has none; any other has some', () => {
    const columns = fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
        type: fc.constantFrom('int64', 'date'),
        nullable: fc.boolean(),
      }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(columns, columns, (before, after) => {
        const same = JSON.stringify(before) === JSON.stringify(after);
        expect(compareSchemas(before, after).length === 0).toBe(same);
      }),
    );
  });
});

describe('a plan against what was last published', () => {
  const lossy = { source: { features: [{ name: 'x', type: 'int', on_loss: 'round' }] } };
  const receipt = (plan: ReturnType<typeof planned>) => ({ schema: receiptSchema(plan), notes: plan.notes });

  it('nothing changes', () => {
    expect(planChanges(planned(), receipt(planned()))).toMatchObject({ changed: false });
    expect(planChanges(planned(lossy), receipt(planned(lossy)))).toMatchObject({ changed: false });
  });

  it('losses that come and go are changes, other notes are not', () => {
    expect(planChanges(planned(lossy), receipt(planned()))).toMatchObject({
      changed: true,
      newLosses: ['lossy: a value of x that int64 cannot hold is rounded'],
      goneLosses: [],
    });
    expect(planChanges(planned(), receipt(planned(lossy)))).toMatchObject({ changed: true, newLosses: [] });
    const other = planned({ destination: { mode: 'error_if_exists' } });
    expect(planChanges(other, receipt(planned()))).toMatchObject({ changed: false });
  });
});
