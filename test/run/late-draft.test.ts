import { describe, expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { Draft, Staged } from '../../src/flow/sink.ts';
import { EarlyBench } from '../../src/run/early-bench.ts';
import { LateDraft } from '../../src/run/late-draft.ts';
import { together } from '../../src/run/together.ts';
import type { Workbench } from '../../src/run/workbench.ts';

const through = { signal: new AbortController().signal };
const fragment = {} as Fragment;

describe('a draft that is still being begun', () => {
  const draftOf = (done: string[]): Draft => ({
    write: async () => void done.push('write'),
    stage: async () => {
      done.push('stage');
      return {} as Staged;
    },
    [Symbol.asyncDispose]: async () => void done.push('dispose'),
  });

  it('takes what is written once it is there', async () => {
    const done: string[] = [];
    let begin: (draft: Draft) => void = () => {};
    const draft = new LateDraft(
      new Promise((resolve) => {
        begin = resolve;
      }),
    );
    const writing = draft.write(fragment, through);
    done.push('begun');
    begin(draftOf(done));
    await writing;
    await draft.stage(through);
    await draft[Symbol.asyncDispose]();
    expect(done).toEqual(['begun', 'write', 'stage', 'dispose']);
  });

  it('that cannot be begun fails at its first step, and is disposed of in silence', async () => {
    const error = new AtlasError('ATLAS_STORE_SPACE', 'no room');
    const draft = new LateDraft(Promise.reject(error));
    await new Promise(setImmediate);
    await expect(draft.write(fragment, through)).rejects.toBe(error);
    await expect(draft.stage(through)).rejects.toBe(error);
    await draft[Symbol.asyncDispose]();
  });

  it('that nobody wrote to is erased all the same', async () => {
    const done: string[] = [];
    await new LateDraft(Promise.resolve(draftOf(done)))[Symbol.asyncDispose]();
    expect(done).toEqual(['dispose']);
  });
});

describe('a workbench that is opened early', () => {
  it('is disposed of where nobody took it, and belongs to whoever did', async () => {
    let disposed = 0;
    const bench = {
      [Symbol.asyncDispose]: async () => {
        disposed += 1;
      },
    } as unknown as Workbench;
    await new EarlyBench(Promise.resolve(bench))[Symbol.asyncDispose]();
    expect(disposed).toBe(1);
    const early = new EarlyBench(Promise.resolve(bench));
    expect(await early.take()).toBe(bench);
    expect(early.take()).toBeNull();
    await early[Symbol.asyncDispose]();
    expect(disposed).toBe(1);
  });

  it('that could not be opened says so to whoever takes it, and to nobody else', async () => {
    const error = new AtlasError('ATLAS_LIMIT_KERNEL_MEMORY', 'too much');
    await new EarlyBench(Promise.reject(error))[Symbol.asyncDispose]();
    const early = new EarlyBench(Promise.reject(error));
    await new Promise(setImmediate);
    await expect(early.take()).rejects.toBe(error);
  });
});

describe('what goes on together', () => {
  it('is waited for as a whole, and fails as the first in order', async () => {
    const done: string[] = [];
    const work = together(
      new Promise((_, reject) => setTimeout(() => reject(new Error('first')), 20)),
      Promise.reject(new Error('second')),
      new Promise((resolve) => setTimeout(resolve, 40)).then(() => done.push('third')),
    );
    await expect(work).rejects.toThrow('first');
    expect(done).toEqual(['third']);
    expect(await together(Promise.resolve(1), Promise.resolve('two'))).toEqual([1, 'two']);
  });
});
