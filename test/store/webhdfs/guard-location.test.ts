import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/store/webhdfs/call/call.ts';
import { guardLocation } from '../../../src/store/webhdfs/call/guard-location.ts';
import { nodesOf } from './fake-name-node.ts';

const CALL: Call = { method: 'PUT', op: 'CREATE', path: 'hdfs://lake/x', repeatable: false };

describe('where a redirect may lead', () => {
  const guard = (from: string, to: string, redirectHosts: readonly string[] | null = null) =>
    guardLocation(CALL, to, from, nodesOf([from], { redirectHosts })).href;

  it.each([
    ['http://nn1.dc1.example.org:9870/webhdfs/v1', 'http://dn7.dc1.example.org:9864/x?token=t'],
    ['http://nn1.dc1.example.org:9870/webhdfs/v1', 'http://DN7.DC1.EXAMPLE.ORG./x'],
    ['http://nn1.dc1.example.org:9870/webhdfs/v1', 'https://dn7.dc1.example.org/x'],
    ['http://[::1]:9870/webhdfs/v1', 'http://[::1]:9864/x'],
    ['http://127.0.0.1:9870/webhdfs/v1', 'http://127.0.0.1:9864/x'],
  ])('from %s to %s', (from, to) => {
    expect(guard(from, to)).toBe(new URL(to).href);
  });

  it.each([
    ['http://nn1.dc1.example.org:9870', 'http://evil.org/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://nn1.dc1.example.org:9870', 'http://dn1.dc1.example.org.evil.org/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://nn1.dc1.example.org:9870', 'http://evildc1.example.org/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://company.co.uk:9870', 'http://evil.co.uk/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://example.org:9870', 'http://evil.org/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://127.0.0.1:9870', 'http://127.0.0.2:9864/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://127.0.0.1:9870', 'http://[::ffff:127.0.0.2]/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://127.0.0.1:9870', '//127.0.0.2/x', 'ATLAS_HDFS_REDIRECT'],
    ['https://nn1.dc1.example.org', 'http://dn7.dc1.example.org/x', 'ATLAS_HDFS_REDIRECT'],
    ['http://127.0.0.1:9870', 'http://etl:secret@127.0.0.1/x', 'ATLAS_HDFS_PROTOCOL'],
    ['http://127.0.0.1:9870', 'file:///etc/passwd', 'ATLAS_HDFS_PROTOCOL'],
    ['http://127.0.0.1:9870', 'http://[', 'ATLAS_HDFS_PROTOCOL'],
  ])('never from %s to %s', (from, to, code) => {
    try {
      guard(from, to);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code });
      expect((error as Error).message).not.toContain('secret');
    }
  });

  it('by what a connection declares, and then by nothing else', () => {
    const declared = ['*.data.example.org', '10.0.0.7'];
    expect(guard('http://nn.example.org', 'http://a.data.example.org/x', declared)).toContain('a.data');
    expect(guard('http://nn.example.org', 'http://10.0.0.7/x', declared)).toContain('10.0.0.7');
    for (const to of ['http://nn.example.org/x', 'http://data.example.org/x', 'http://10.0.0.70/x']) {
      expect(() => guard('http://nn.example.org', to, declared)).toThrow(/no rule allows/);
    }
  });
});
