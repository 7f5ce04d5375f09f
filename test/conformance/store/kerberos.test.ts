import { afterAll } from 'vitest';
import { openStores, type Stores } from '../../../src/registry.ts';
import { describeWithKerberos } from '../../services/kerberos/describe-with-kerberos.ts';
import { secureConnection } from '../../services/kerberos/secure-connection.ts';
import { describeStore } from './describe-store.ts';
import { hdfsStoreBed } from './hdfs-store-bed.ts';

describeWithKerberos('on HDFS with Kerberos', (hadoop) => {
  let stores: Stores | null = null;
  afterAll(async () => {
    await stores?.[Symbol.asyncDispose]();
  });
  describeStore('webhdfs', async () => {
    // One sign-in for all: its token is renewed and replaced while the tests run.
    stores ??= openStores({ lake: secureConnection(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl } }) });
    return hdfsStoreBed(stores);
  });
});
