/** What a promise that knows no signal answers, or null where it takes longer than that many milliseconds. */
export async function within<T>(promise: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T | null> {
  const limit = AbortSignal.timeout(milliseconds);
  const any = AbortSignal.any([signal, limit]);
  const over = new Promise<null>((resolve, reject) => {
    const end = (): void => (signal.aborted ? reject(signal.reason) : resolve(null));
    if (any.aborted) end();
    else any.addEventListener('abort', end, { once: true });
  });
  promise.catch(() => {});
  return Promise.race([promise, over]);
}
