import { AtlasError } from '../errors.ts';
import type { StopSignal } from './exit-code.ts';

/** The reason of an abort by a signal of the operating system. */
export class StopRequest extends AtlasError {
  readonly signal: StopSignal;
  constructor(signal: StopSignal) {
    super('ATLAS_STOPPED', `stopped by ${signal}; nothing was left behind`);
    this.signal = signal;
  }

  /** 128 and the number of the signal, as shells have it. */
  override get exit(): number {
    return this.signal === 'SIGINT' ? 130 : 143;
  }
}
