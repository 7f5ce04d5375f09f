import { describe, expect, it } from 'vitest';
import { StopRequest } from '../../src/run/stop-request.ts';
import { datasetOf, Project } from './project.ts';
import { whileHeld } from './while-held.ts';

const features = { n: 'int32', text: 'string' };

function big(): Project {
  const project = new Project([
    datasetOf('t', features, { source: { slice_bytes: 20_000 } }),
    datasetOf('u', features),
  ]);
  project.write('t.csv', `n,text\n${Array.from({ length: 60_000 }, (_, at) => `${at},"text ${at}"`).join('\n')}\n`);
  project.write('u.csv', 'n,text\n1,x\n');
  return project;
}

describe('a stop', () => {
  it.each([
    [1, 'SIGINT', 130],
    [3, 'SIGTERM', 143],
  ] as const)('with %i workers: nothing is left behind', async (workers, name, exit) => {
    using project = big();
    const controller = new AbortController();
    const { exitCode, receipts } = await project.run({
      workers,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'progress') controller.abort(new StopRequest(name));
      },
    });
    expect(exitCode).toBe(exit);
    expect(receipts.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
      ['failed', 'ATLAS_STOPPED'],
      ['failed', 'ATLAS_STOPPED'],
    ]);
    expect(project.list('out')).toEqual([]);
    const again = await project.run({ workers });
    expect(again.exitCode).toBe(0);
    expect(project.list('out')).toEqual(['t.parquet', 'u.parquet']);
  });

  it('before anything began leaves nothing either', async () => {
    using project = big();
    const { exitCode } = await project.run({ signal: AbortSignal.abort(new StopRequest('SIGINT')) });
    expect(exitCode).toBe(130);
    expect(project.list('out')).toEqual([]);
  });

  it('after all was published changes nothing', async () => {
    using project = big();
    const controller = new AbortController();
    const { exitCode } = await project.run({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'dataset_ended' && event.dataset === 'u') controller.abort(new StopRequest('SIGINT'));
      },
    });
    expect(exitCode).toBe(0);
  });
});

describe('a target that another run holds', () => {
  it('fails, is skipped, or is waited for, as told', async () => {
    using project = new Project([datasetOf('u', features)]);
    project.write('u.csv', 'n,text\n1,x\n');
    const inner: { exitCode: number; code: string | undefined }[] = [];
    const tryOut = async (): Promise<void> => {
      for (const ifLocked of [{ kind: 'fail' }, { kind: 'skip' }, { kind: 'wait', milliseconds: 300 }] as const) {
        const { exitCode, receipts } = await project.run({ ifLocked, onEvent: () => {} });
        inner.push({ exitCode, code: receipts[0]?.error?.code });
      }
    };

    await whileHeld(project, tryOut);
    expect(inner).toEqual([
      { exitCode: 4, code: 'ATLAS_TARGET_LOCKED' },
      { exitCode: 99, code: 'ATLAS_TARGET_SKIPPED' },
      { exitCode: 4, code: 'ATLAS_TARGET_LOCKED' },
    ]);
    expect((await project.run()).exitCode).toBe(0);
  });

  it('is taken as soon as it is free', async () => {
    using project = new Project([datasetOf('u', features)]);
    project.write('u.csv', 'n,text\n1,x\n');

    let waiting: Promise<{ readonly exitCode: number }> = Promise.reject(new Error('never asked'));
    waiting.catch(() => {});
    await whileHeld(project, async () => {
      waiting = project.run({ ifLocked: { kind: 'wait', milliseconds: 60_000 }, onEvent: () => {} });
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect((await waiting).exitCode).toBe(0);
  });
});
