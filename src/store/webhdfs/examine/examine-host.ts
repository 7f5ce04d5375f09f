import { type Found, failed, well } from '../../examine/finding.ts';
import { resolveHost } from '../../examine/resolve-host.ts';

/** Whether this machine knows the host of a NameNode or gateway. */
export async function examineHost(
  { hostname }: URL,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Found<readonly string[]>> {
  const found = await resolveHost(hostname, milliseconds, signal);
  if ('addresses' in found) {
    const { addresses } = found;
    const itself = addresses.length === 1 && addresses[0] === hostname.replace(/^\[|\]$/g, '');
    return well(itself ? `${hostname} is an address` : `${hostname} is ${addresses.join(', ')}`, addresses);
  }
  return failed(
    'ATLAS_HDFS_UNAVAILABLE',
    `this machine does not know the host ${hostname} (${found.reason})`,
    found.reason === 'EAI_AGAIN'
      ? 'The name service itself does not answer: look at /etc/resolv.conf, the VPN, or the network of the container.'
      : `Check the spelling in url, and that "getent hosts ${hostname}" answers here (DNS, /etc/hosts, VPN).`,
  );
}
