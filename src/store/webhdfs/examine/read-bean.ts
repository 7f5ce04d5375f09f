import { exchange } from '../call/exchange.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';

/** A bean of a NameNode's /jmx, which needs no sign-in by default; null where it is not told (gateways, secured pages). */
export async function readBean(
  { urls, api, ca, limits }: WebHdfsPlan,
  name: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | null> {
  const base = new URL(urls[0] ?? '');
  if (api === 'httpfs' || base.pathname !== '/webhdfs/v1') return null;
  try {
    const url = new URL(`/jmx?qry=Hadoop:service=NameNode,name=${name}`, base);
    const { status, text } = await exchange(url, { method: 'GET', ca, limits, signal });
    const { beans } = JSON.parse(text) as { beans?: readonly Readonly<Record<string, unknown>>[] };
    return status === 200 ? (beans?.[0] ?? null) : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
