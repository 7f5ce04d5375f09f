import { describe, expect, it } from 'vitest';
import { NoAnswer } from '../../src/store/webhdfs/call/exchange.ts';
import { tlsRefusal } from '../../src/store/webhdfs/call/tls-refusal.ts';

const failure = (code: string, more: object = {}) =>
  new NoAnswer(code, false, Object.assign(new Error(code), { code, ...more }));
const told = (code: string, more: object = {}, ca = false) => tlsRefusal(failure(code, more), 'nn1:9871', 'lake', ca);

describe('what TLS has against a server', () => {
  it('is an authority that is not trusted: the key to set is named', () => {
    for (const code of [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ]) {
      expect(told(code)).toEqual({
        reason: `the authority that signed the certificate of nn1:9871 is not trusted here (${code})`,
        hint: expect.stringContaining('Set "tls": { "ca": "<file>" } in connection lake'),
      });
      expect(told(code, {}, true)?.hint).toContain('the file that tls.ca of connection lake names');
    }
  });

  it('is a certificate out of its time, or for other names', () => {
    expect(told('CERT_HAS_EXPIRED')?.reason).toContain('the certificate of nn1:9871 has expired');
    expect(told('CERT_NOT_YET_VALID')?.reason).toContain('is not valid yet');
    expect(told('ERR_TLS_CERT_ALTNAME_INVALID', { cert: { subjectaltname: 'DNS:nn1.example.org' } })?.reason).toBe(
      'the certificate of nn1:9871 is for other names: DNS:nn1.example.org (ERR_TLS_CERT_ALTNAME_INVALID)',
    );
  });

  it('is a server that speaks something else', () => {
    for (const code of ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT']) {
      expect(told(code)?.reason).toBe(`no TLS connection to nn1:9871 (${code})`);
    }
  });

  it('is not what the network did', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT']) expect(told(code)).toBeNull();
    expect(tlsRefusal(new NoAnswer('nothing came in 10 ms', true), 'nn1', 'lake', false)).toBeNull();
    expect(tlsRefusal(null, 'nn1', 'lake', false)).toBeNull();
  });
});
