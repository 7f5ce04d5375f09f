/** How long what is under way may go on after a stop, in milliseconds: less than a stop may take. */
const GRACE_MS = 5000;

/** A signal that aborts some time after another one, so that what is being written may end. */
export function graceOf(signal: AbortSignal): AbortSignal {
  const late = new AbortController();
  const wait = (): void => {
    setTimeout(() => late.abort(signal.reason), GRACE_MS).unref();
  };
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return late.signal;
}
