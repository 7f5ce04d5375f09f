import { expect, it } from 'vitest';
import { firstError } from '../../src/run/first-error.ts';

const failsTo = (dispose: string, error: Error) => ({
  [Symbol.asyncDispose]: () => Promise.reject(Object.assign(error, { message: dispose })),
});

it('finds the error that ended the work behind those of the cleaning up', async () => {
  const cause = new Error('the cause');
  const work = async () => {
    await using _outer = failsTo('outer', new Error());
    await using _inner = failsTo('inner', new Error());
    throw cause;
  };
  const error = await work().catch((caught: unknown) => caught);
  expect(error).not.toBe(cause);
  expect(firstError(error)).toBe(cause);
});

it('leaves any other error as it is', () => {
  const error = new Error('plain');
  expect(firstError(error)).toBe(error);
  expect(firstError('text')).toBe('text');
});
