import { AtlasError } from '../../../errors.ts';
import { redact, withhold } from '../call/redact.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import type { Credentials, Presented } from './credentials.ts';
import type { KerberosPlan } from './kerberos-plan.ts';
import { readKeytab } from './read-keytab.ts';
import { NoTicket, Spnego } from './spnego.ts';
import { ticketError } from './ticket-error.ts';

/** A Kerberos ticket for every single request: SPNEGO (RFC 4559), the server's own proof looked at where it gives one. */
export function spnegoCredentials({ name, limits }: WebHdfsPlan, kerberos: KerberosPlan): Credentials {
  const failure = async (error: unknown, service: string): Promise<unknown> =>
    error instanceof NoTicket ? ticketError(name, kerberos, service, error) : error;
  const present = async (base: string, { signal }: { readonly signal: AbortSignal }): Promise<Presented> => {
    const service = serviceOf(kerberos.service, new URL(base).hostname);
    if (kerberos.keytab !== null) await readKeytab(kerberos.keytab, name);
    const limit = AbortSignal.timeout(limits.call);
    const within = AbortSignal.any([signal, limit]);
    let sign: Spnego;
    try {
      sign = await Spnego.begin({ ...kerberos, service }, within);
    } catch (error) {
      signal.throwIfAborted();
      if (!limit.aborted) throw await failure(error, service);
      throw new AtlasError('ATLAS_HDFS_KDC', `connection ${name}: no Kerberos ticket in ${limits.call} ms`);
    }
    withhold(sign.token);
    return {
      query: {},
      headers: { authorization: `Negotiate ${sign.token}` },
      settle: async (challenge) => {
        await using signing = sign;
        const proof = /^Negotiate\s+(\S+)/i.exec(challenge ?? '')?.[1];
        if (proof === undefined) return;
        withhold(proof);
        await signing.verify(proof, within).catch(async (error: unknown) => {
          if (!(error instanceof NoTicket)) throw error;
          // The ticket ended between question and answer.
          if (/expired/i.test(error.message)) throw await failure(error, service);
          throw new AtlasError(
            'ATLAS_HDFS_AUTH',
            `connection ${name}: ${service} cannot prove that it is that service: ${redact(error.message)}`,
          );
        });
      },
    };
  };
  return {
    present,
    replace: async (_, { call, status, challenge, reason }) => {
      const asks = challenge === null ? 'nothing' : redact(challenge.split(/[\s,]/, 1)[0] ?? '');
      throw new AtlasError(
        'ATLAS_HDFS_AUTH',
        `${call.op} ${call.path}: the server does not accept the Kerberos ticket (HTTP ${status}: ${reason}); it asks for ${asks}`,
        { place: { file: call.path }, hint: hintOf(reason) },
      );
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** `HTTP@<host>`; a declared service may leave the host out, or write it `_HOST`. */
function serviceOf(declared: string | null, host: string): string {
  const [service = 'HTTP', of = '_HOST'] = (declared ?? 'HTTP').split('@');
  return `${service}@${of === '_HOST' ? host.replace(/^\[|\]$/g, '') : of}`;
}

function hintOf(reason: string): string {
  if (/clock skew/i.test(reason)) return 'The clocks of this machine and of the server differ too much: set them.';
  if (/checksum failed|integrity check/i.test(reason))
    return "The server's keytab is older than the key of its principal: its administrator must renew it; or set kerberos.service.";
  return 'Check that the server signs in by Kerberos, kerberos.service, and the auth_to_local rules of the cluster.';
}
