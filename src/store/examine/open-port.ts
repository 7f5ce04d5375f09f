import { connect } from 'node:net';

/** Milliseconds that a TCP connection took to stand, or why there is none. It is closed again. */
export function openPort(
  host: string,
  port: number,
  milliseconds: number,
  signal: AbortSignal,
): Promise<{ readonly milliseconds: number } | { readonly reason: string }> {
  signal.throwIfAborted();
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
    const stop = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    const end = (answer: { readonly milliseconds: number } | { readonly reason: string }): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(answer);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(milliseconds, () => end({ reason: 'ETIMEDOUT' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ reason: error.code ?? 'unknown' }));
    socket.once('connect', () => end({ milliseconds: performance.now() - began }));
  });
}
