import type { StopSignal } from '../run/exit-code.ts';
import { StopRequest } from '../run/stop-request.ts';
import type { Io } from './io.ts';
import { logLine } from './log-line.ts';

/** Time that cleaning up may take before the process goes anyway. */
const PATIENCE_MS = 9000;
const EXITS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Turns the first SIGINT or SIGTERM into an abort; the second, or nine seconds, end the process at once. */
export function stopOnSignal(
  log: 'text' | 'json',
  io: Pick<Io, 'stderr' | 'now'>,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  let asked = false;
  const hear = (name: StopSignal): void => {
    if (asked) process.exit(EXITS[name]);
    asked = true;
    const text = `${name}: stopping and cleaning up; once more to stop at once`;
    io.stderr.write(log === 'text' ? `${text}\n` : logLine({ type: 'stopping', signal: name }, io));
    controller.abort(new StopRequest(name));
    setTimeout(() => process.exit(EXITS[name]), PATIENCE_MS).unref();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}
