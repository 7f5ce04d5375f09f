import { describe, expect, it } from 'vitest';
import type { TargetLock } from '../../src/flow/sink.ts';
import { Ground } from '../../src/run/ground.ts';

function lockOf(log: string[]): TargetLock {
  return {
    confirm: async () => {},
    [Symbol.asyncDispose]: async () => {
      log.push('given back');
    },
  };
}

describe('a ground', () => {
  it('is ready once it is held and settled, and gives its lock back', async () => {
    const log: string[] = [];
    const lock = lockOf(log);
    {
      await using ground = Ground.begin(
        async () => lock,
        async (held) => {
          expect(held).toBe(lock);
          log.push('settled');
        },
      );
      expect(await ground.ready()).toBe(lock);
      expect(await ground.failure()).toBeNull();
      expect(log).toEqual(['settled']);
    }
    expect(log).toEqual(['settled', 'given back']);
  });

  it('gives the lock back where what is done under it fails, and says why', async () => {
    const log: string[] = [];
    const why = new Error('a conflict');
    {
      await using ground = Ground.begin(
        async () => lockOf(log),
        async () => {
          throw why;
        },
      );
      await expect(ground.ready()).rejects.toBe(why);
      expect(await ground.failure()).toEqual({ error: why });
      expect(log).toEqual([]);
    }
    expect(log).toEqual(['given back']);
  });

  it('waits, where it is left early, for a lock that is on its way, and gives that back too', async () => {
    const log: string[] = [];
    let resolve: (lock: TargetLock) => void = () => {};
    const promise = new Promise<TargetLock>((yes) => {
      resolve = yes;
    });
    {
      await using _ground = Ground.begin(
        () => promise,
        async () => {
          log.push('settled');
        },
      );
      setTimeout(() => resolve(lockOf(log)), 5);
    }
    expect(log).toEqual(['settled', 'given back']);
  });

  it('does nothing where the lock is not to be had', async () => {
    const why = new Error('held by another run');
    await using ground = Ground.begin(
      async () => {
        throw why;
      },
      async () => {
        throw new Error('settled without a lock');
      },
    );
    expect(await ground.failure()).toEqual({ error: why });
  });
});
