import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStores, type Stores } from '../../../src/registry.ts';
import { NameNodes } from '../../../src/store/webhdfs/call/name-nodes.ts';
import { declaredCredentials } from '../../../src/store/webhdfs/credentials/declared-credentials.ts';
import { cancelToken, getToken, renewToken } from '../../../src/store/webhdfs/credentials/delegation-token.ts';
import { spnegoCredentials } from '../../../src/store/webhdfs/credentials/spnego-credentials.ts';
import { readPlan } from '../../../src/store/webhdfs/read-plan.ts';
import { describeWithKerberos } from '../../services/kerberos/describe-with-kerberos.ts';
import { secureConnection } from '../../services/kerberos/secure-connection.ts';
import { startSecureHttpFs } from '../../services/kerberos/start-secure-http-fs.ts';
import { describeStore } from './describe-store.ts';
import { hdfsStoreBed } from './hdfs-store-bed.ts';

const through = { signal: new AbortController().signal };

describeWithKerberos('on HDFS with Kerberos, through HttpFS', (hadoop) => {
  let httpFs: Awaited<ReturnType<typeof startSecureHttpFs>> | null = null;
  let stores: Stores | null = null;
  beforeAll(async () => {
    httpFs = await startSecureHttpFs(hadoop());
  }, 240_000);
  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
    await httpFs?.[Symbol.asyncDispose]();
  });
  const connection = () => {
    const kerberos = { keytab: hadoop().keytabs.etl };
    return secureConnection({ url: httpFs?.url ?? '' }, { api: 'httpfs', kerberos });
  };

  it('issues tokens of its own, which are renewed and cancelled as those of a NameNode', async () => {
    const { kerberos } = connection();
    if (kerberos === null) throw new Error('kerberos was declared');
    const plan = await readPlan(connection());
    const nodes = new NameNodes(plan, spnegoCredentials(plan, kerberos));
    const token = await getToken(nodes, through);
    expect(await renewToken(nodes, token, through)).toBeGreaterThan(performance.now());
    const holder = { ...plan, token: token.text };
    await cancelToken(new NameNodes(holder, declaredCredentials(holder)), token.text, through);
    await expect(renewToken(nodes, token, through)).rejects.toThrow();
  });

  describeStore('httpfs', async () => {
    stores ??= openStores({ lake: connection() });
    return hdfsStoreBed(stores);
  });
});
