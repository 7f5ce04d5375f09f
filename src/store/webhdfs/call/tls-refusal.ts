/** What TLS has against a server. */
export interface TlsRefusal {
  /** Node's name of it and what that means. */
  readonly reason: string;
  /** What to do. */
  readonly hint: string;
}

const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
]);
const DATED: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
/** Other names that Node gives to what is wrong with certificates and handshakes. */
const OTHERS = /^(?:CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|INVALID_CA$|EPROTO$)/;

/** Why an exchange with `host` failed, where TLS is the cause; else null. `connection` is its name, `ca` whether it has certificates of its own. */
export function tlsRefusal(error: unknown, host: string, connection: string, ca: boolean): TlsRefusal | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, cert, cause } = error as TlsFailure;
  if (typeof code !== 'string') return tlsRefusal(cause, host, connection, ca);
  if (UNTRUSTED.has(code)) {
    const hint = ca
      ? `Put the certificate of the authority that signed it into the file that tls.ca of connection ${connection} names.`
      : `Set "tls": { "ca": "<file>" } in connection ${connection}: a PEM file with the certificate of the authority that signed it.`;
    return { reason: `the authority that signed the certificate of ${host} is not trusted here (${code})`, hint };
  }
  if (DATED.has(code)) {
    const when = code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet';
    return {
      reason: `the certificate of ${host} ${when} (${code})`,
      hint: 'Have it renewed, or check the clock of this machine.',
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = cert?.subjectaltname ?? 'none';
    return {
      reason: `the certificate of ${host} is for other names: ${names} (${code})`,
      hint: 'Call the server by a name that its certificate holds, or have one made for this name.',
    };
  }
  if (!OTHERS.test(code)) return null;
  return {
    reason: `no TLS connection to ${host} (${code})`,
    hint: `Check that it speaks https on this port, and what certificates it has: openssl s_client -connect ${host}`,
  };
}

interface TlsFailure {
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly cert?: { readonly subjectaltname?: string };
}
