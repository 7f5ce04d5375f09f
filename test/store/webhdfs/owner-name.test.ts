import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newOwner } from '../../../src/store/lock-owner.ts';
import { nameOfOwner, ownerOfName } from '../../../src/store/webhdfs/lock/owner-name.ts';

const LONGEST_NAME = 255;

describe('the name of an owner', () => {
  it('says who it is, whatever the run, the host and the system are called', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const some = fc.option(text.filter((each) => each !== ''));
    const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000);
    console.log(`seed ${seed} (PROPERTY_SEED)`);
    const owners = fc.record({
      run: text,
      host: fc.string({ unit: 'binary', maxLength: 5 }),
      pid: fc.nat(),
      boot: some,
      space: some,
      start: some,
    });
    fc.assert(
      fc.property(owners, (parts) => {
        const owner = { ...newOwner('run'), ...parts };
        const name = nameOfOwner(owner);
        expect(name).toMatch(/^[A-Za-z0-9.~_-]+$/);
        expect(ownerOfName(name)).toEqual(owner);
      }),
      { seed },
    );
  });

  it('is one that HDFS takes, with a host that has no end and the greatest numbers', () => {
    const owner = {
      ...newOwner('20261122t043104-cebdbf51'),
      pid: 4_194_304,
      start: '9'.repeat(12),
      host: `${'h'.repeat(63)}.example.org`,
    };
    const name = nameOfOwner(owner);
    expect(name.length).toBeLessThanOrEqual(LONGEST_NAME);
    expect(ownerOfName(name)).toEqual({ ...owner, host: 'h'.repeat(60) });
  });

  it.each(['', 'beat-1', 'owner', 'owner~a~b', 'owner~~run~host~1~~~', 'owner~claim~run~host~x~~~', 'x~c~r~h~1~~~'])(
    'is not %o',
    (name) => {
      expect(ownerOfName(name)).toBeNull();
    },
  );
});
