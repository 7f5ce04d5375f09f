import { AtlasError } from '../../errors.ts';
import { type Finding, type Found, failed } from './finding.ts';

/** One thing that is tried (finding null), or was. */
export interface Step {
  /** `nn1:9870`; null where the connection as a whole is meant. */
  readonly server: string | null;
  /** What is tried, in a word. */
  readonly step: string;
  readonly finding: Finding | null;
}

/** Says that a step begins, takes it, says what it found; answers its facts, or null where there are none. */
export async function* tellStep<Facts>(
  server: string | null,
  step: string,
  take: () => Promise<Found<Facts>>,
  signal: AbortSignal,
): AsyncGenerator<Step, Facts | null> {
  signal.throwIfAborted();
  yield { server, step, finding: null };
  const { finding, facts } = await found(take, signal);
  yield { server, step, finding };
  return finding.outcome === 'failed' ? null : facts;
}

async function found<Facts>(take: () => Promise<Found<Facts>>, signal: AbortSignal): Promise<Found<Facts>> {
  try {
    return await take();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AtlasError)) throw error;
    return failed(error.code, error.message, error.hint);
  }
}
