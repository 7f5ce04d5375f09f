import { type Found, failed, well } from '../../examine/finding.ts';
import { openPort } from '../../examine/open-port.ts';

const USUAL =
  'WebHDFS is at 9870 (https: 9871), 50070 in Hadoop 2, HttpFS at 14000; 8020 and 9000 are the RPC port, which it is not.';

/** The port that a URL means. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** Whether somebody listens there, and nothing in between forbids it. */
export async function examinePort(url: URL, milliseconds: number, signal: AbortSignal): Promise<Found<true>> {
  const port = portOf(url);
  const answer = await openPort(url.hostname, port, milliseconds, signal);
  if ('milliseconds' in answer) return well(`connected to ${url.hostname}:${port}`, true);
  const where = `${url.hostname}:${port}`;
  if (answer.reason === 'ECONNREFUSED') {
    const hint = `The machine is there and nothing listens at ${port}: is the NameNode up, and is it the right port? ${USUAL}`;
    return failed('ATLAS_HDFS_UNAVAILABLE', `${where} refuses the connection (ECONNREFUSED)`, hint);
  }
  if (answer.reason === 'ETIMEDOUT') {
    const hint = `Nobody says no, nobody says yes: mostly a firewall or security group. Ask for ${where} to be opened from here.`;
    return failed('ATLAS_HDFS_UNAVAILABLE', `${where} does not answer in ${milliseconds} ms (ETIMEDOUT)`, hint);
  }
  const hint = `Check the way from here to there (routes, VPN). ${USUAL}`;
  return failed('ATLAS_HDFS_UNAVAILABLE', `${where} cannot be reached (${answer.reason})`, hint);
}
