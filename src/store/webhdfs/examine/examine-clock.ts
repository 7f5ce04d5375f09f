import { doubtful, type Found } from '../../examine/finding.ts';

/** Differences up to this are no news: the header has whole seconds, and an answer takes its time. */
const MUCH_MS = 30_000;

/** What is to be said about a server's clock; null where it agrees with ours. */
export function examineClock(host: string, ahead: number | null): Found<true> | null {
  if (ahead === null || Math.abs(ahead) < MUCH_MS) return null;
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const message = `the clock of ${host} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} that of this machine`;
  const kerberos = seconds >= 300 ? ' Kerberos refuses tickets from 300 s on.' : '';
  return doubtful(
    message,
    `Set both by NTP (chronyc tracking).${kerberos} Locks go by the server's clock alone.`,
    true,
  );
}
