import { AtlasError, type ErrorCode } from '../../../errors.ts';
import { redact } from '../call/redact.ts';
import type { KerberosPlan } from './kerberos-plan.ts';
import { readKeytab } from './read-keytab.ts';
import type { NoTicket } from './spnego.ts';
import { readTicketCache } from './ticket-cache.ts';

const INSTALL =
  'npm install kerberos@7 beside atlas-ingest (npm install -g where that is global), and let it run its install script where npm asks (npm install-scripts approve kerberos). It is compiled: it needs a C++ compiler, make, python3 and the Kerberos headers (Debian: apt-get install g++ make python3 libkrb5-dev; Fedora: dnf install gcc-c++ make python3 krb5-devel).';

/** Why nobody could be signed in, and what to do, from what the Kerberos library said. */
export async function ticketError(
  connection: string,
  { principal, keytab, ticketCache }: KerberosPlan,
  service: string,
  failure: NoTicket,
): Promise<AtlasError> {
  const reason = redact(failure.message);
  const fail = (message: string, hint: string, code: ErrorCode = 'ATLAS_HDFS_KERBEROS'): AtlasError =>
    new AtlasError(code, `connection ${connection}: ${message}`, { hint });
  if (failure.kind === 'missing') {
    return fail('it signs in by Kerberos, and the npm package kerberos, which does that, is not installed', INSTALL);
  }
  if (failure.kind === 'broken') {
    return fail(
      `the npm package kerberos does not work here: ${reason}`,
      `Check that MIT Kerberos is installed (libkrb5), or install the package again: ${INSTALL}`,
    );
  }
  const from = keytab === null ? 'the ticket cache' : `the keytab ${keytab}`;
  const kinit = (whose: string | null): string =>
    `kinit${ticketCache === null ? '' : ` -c ${ticketCache}`} ${whose ?? '<principal>'}`;
  if (/Cannot contact any KDC|Resource temporarily unavailable/i.test(reason)) {
    return fail(
      `no Kerberos server (KDC) answered: ${reason}`,
      'Check kdc in krb5.conf (or KRB5_CONFIG), the network and the KDC; run again later.',
      'ATLAS_HDFS_KDC',
    );
  }
  if (/Cannot find KDC/i.test(reason)) {
    return fail(
      `nothing says where the KDC of the realm is: ${reason}`,
      'Check the realm of the principal, and that krb5.conf (or KRB5_CONFIG) names its KDC.',
    );
  }
  if (/clock skew/i.test(reason)) {
    return fail(
      `the clocks of this machine and of the KDC differ too much: ${reason}`,
      'Set the clock (timedatectl, chronyc tracking); five minutes are the usual limit.',
    );
  }
  if (/not found in Kerberos database/i.test(reason)) {
    const server = /^.*\bServer /.test(reason);
    return server
      ? fail(
          `the KDC knows no service ${service}: ${reason}`,
          'The url must name the host that the service principal is for; or set kerberos.service.',
        )
      : fail(`the KDC does not know the principal: ${reason}`, 'Check kerberos.principal and its realm.');
  }
  if (/Preauthentication failed|decrypt integrity check failed|password incorrect/i.test(reason)) {
    return fail(
      `the KDC does not accept the key in ${from}: ${reason}`,
      'The keytab is older than the password of its principal: ask for a new one.',
    );
  }
  if (/expired/i.test(reason) && keytab === null) {
    const cache = await cacheOf(ticketCache);
    const ended = cache?.ends ? ` at ${new Date(cache.ends * 1000).toISOString()}` : '';
    const whose = cache === null ? '' : ` of ${cache.principal}`;
    return fail(
      `the Kerberos ticket${whose} expired${ended}`,
      `Type ${kinit(cache?.principal ?? principal)}, or declare kerberos.keytab so that tickets are got anew.`,
    );
  }
  if (
    /No credentials|cache collection|No Kerberos credentials|nonexistent or empty|Matching credential not found/i.test(
      reason,
    )
  ) {
    if (keytab !== null) {
      const held = (await readKeytab(keytab, connection)).join(', ');
      return fail(
        `the keytab ${keytab} gives no ticket${principal === null ? '' : ` of ${principal}`}; it holds keys of ${held}: ${reason}`,
        'Set kerberos.principal to one of those, or check the keytab with kinit -kt.',
      );
    }
    const cache = await cacheOf(ticketCache);
    const holds = cache === null ? 'there is no ticket' : `there is a ticket of ${cache.principal}`;
    const wanted = principal === null ? '' : `, and ${principal} is asked for`;
    return fail(
      `${holds} in the ticket cache${ticketCache === null ? '' : ` ${ticketCache}`}${wanted}: ${reason}`,
      `Type ${kinit(principal)}, or declare kerberos.keytab.`,
    );
  }
  return fail(
    `no ticket could be got from ${from}: ${reason}`,
    'Check with kinit and klist; KRB5_TRACE=/dev/stderr makes them tell more.',
  );
}

async function cacheOf(declared: string | null) {
  return readTicketCache(declared ?? process.env['KRB5CCNAME'] ?? `/tmp/krb5cc_${process.getuid?.() ?? 0}`);
}
