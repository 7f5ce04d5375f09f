import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { within } from './within.ts';

/** The addresses of a host by this machine's own means (hosts file, DNS), or why there are none. */
export async function resolveHost(
  host: string,
  milliseconds: number,
  signal: AbortSignal,
): Promise<{ readonly addresses: readonly string[] } | { readonly reason: string }> {
  const plain = host.replace(/^\[|\]$/g, '');
  if (isIP(plain) !== 0) return { addresses: [plain] };
  try {
    const found = await within(lookup(plain, { all: true }), milliseconds, signal);
    if (found === null) return { reason: `no answer from the name service in ${milliseconds} ms` };
    return { addresses: found.map(({ address }) => address) };
  } catch (error) {
    signal.throwIfAborted();
    return { reason: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
}
