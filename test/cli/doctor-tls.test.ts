import { expect, it } from 'vitest';
import { describeWithServer } from '../services/describe-with-server.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { startTlsHadoop } from '../services/tls/start-tls-hadoop.ts';
import { diagnose } from './doctor-bed.ts';

describeWithServer(
  'doctor, of an HDFS of its own that speaks https',
  ['java', 'mvn', 'keytool'],
  startTlsHadoop,
  (server) => {
    const lake = (more: object = {}) => declaredHdfs(server(), { tls: { ca: server().certificates.caFile }, ...more });

    it('says by whom certificates are, of the NameNode and of the DataNode, and that they end soon', async () => {
      const { exit, steps } = await diagnose(lake());
      expect(exit).toBe(0);
      const tls = steps.filter(({ step }) => step === 'tls');
      expect(tls.map(({ server: whose }) => whose)).toEqual([
        new URL(server().url).host,
        expect.stringMatching(/^localhost:/),
      ]);
      for (const { outcome, message } of tls) {
        expect(outcome).toBe('warning');
        expect(message).toMatch(/^certificate of "server of tests", by "authority of tests", ends in (29|30) days$/);
      }
      expect(steps.find(({ step }) => step === 'read')?.outcome).toBe('ok');
    });

    it('names the authority that is missing, and the key to name it with', async () => {
      const { exit, failure } = await diagnose(declaredHdfs(server()));
      expect([exit, failure?.step, failure?.code]).toEqual([1, 'tls', 'ATLAS_HDFS_TLS']);
      expect(failure?.message).toContain('"authority of tests"');
      expect(failure?.hint).toContain('"tls": { "ca": "certs/ca.pem" } in connection lake');
    });

    it('says for which names a certificate is, where the URL says another', async () => {
      const { exit, failure } = await diagnose(lake({ url: server().url.replace('localhost', '127.0.0.1') }));
      expect([exit, failure?.step, failure?.code]).toEqual([1, 'tls', 'ATLAS_HDFS_TLS']);
      expect(failure?.message).toBe('the certificate is for localhost, not for 127.0.0.1');
    });

    it('http where the server speaks https', async () => {
      const { exit, failure } = await diagnose(declaredHdfs({ url: server().url.replace('https:', 'http:') }));
      expect([exit, failure?.step, failure?.code]).toEqual([1, 'webhdfs', 'ATLAS_HDFS_PROTOCOL']);
      expect(failure?.hint).toContain('https://');
    });

    it('safe mode: nothing is tried to be written', async () => {
      const admin = 'org.apache.hadoop.hdfs.tools.DFSAdmin';
      await server().hadoop.run(admin, ['-safemode', 'enter']);
      try {
        const { exit, failure, steps } = await diagnose(lake());
        expect([exit, failure?.step, failure?.code]).toEqual([75, 'state', 'ATLAS_HDFS_UNAVAILABLE']);
        expect(failure?.message).toContain('in safe mode');
        expect(failure?.hint).toContain('-safemode get');
        expect(steps.some(({ step }) => step === 'write')).toBe(false);
      } finally {
        await server().hadoop.run(admin, ['-safemode', 'leave']);
      }
    });
  },
);
