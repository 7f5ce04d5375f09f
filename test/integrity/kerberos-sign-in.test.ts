import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { AtlasError } from '../../src/errors.ts';
import { openStores } from '../../src/registry.ts';
import { TokenBoard } from '../../src/store/webhdfs/credentials/token-board.ts';
import { tokenFacts } from '../../src/store/webhdfs/credentials/token-facts.ts';
import { describeWithKerberos, type SecureHadoop } from '../services/kerberos/describe-with-kerberos.ts';
import { configurationOf, REALM } from '../services/kerberos/kdc.ts';
import { secureConnection } from '../services/kerberos/secure-connection.ts';
import { MAX_LIFE_MS } from '../services/kerberos/start-secure-hadoop.ts';

const through = { signal: new AbortController().signal };

/** Looks at the root once; answers the token that was used for it, while `during` runs. */
async function lookOnce(hadoop: SecureHadoop, more: object, during: (token: string) => Promise<void> = async () => {}) {
  const connection = secureConnection(hadoop, more);
  await using stores = openStores({ lake: connection });
  const store = await stores.of('hdfs://lake/');
  expect(await store.look('hdfs://lake/', through)).toMatchObject({ kind: 'folder' });
  const { lake } = await stores.share();
  const token = lake?.type === 'webhdfs' && lake.tokenBoard ? new TokenBoard(lake.tokenBoard).read() : null;
  await during(token ?? '');
  return token ?? '';
}

async function failure(hadoop: SecureHadoop, more: object): Promise<AtlasError> {
  const error = await lookOnce(hadoop, more).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AtlasError);
  return error as AtlasError;
}

/** What the NameNode itself says to a token. */
async function ask(hadoop: SecureHadoop, token: string): Promise<string> {
  const answer = await fetch(`${hadoop.url}/?op=GETFILESTATUS&delegation=${token}`);
  return `${answer.status} ${await answer.text()}`;
}

/** The environment for as long as `body` runs. */
async function withEnvironment(changes: NodeJS.ProcessEnv, body: () => Promise<void>): Promise<void> {
  const before = Object.fromEntries(Object.keys(changes).map((key) => [key, process.env[key]]));
  const set = (values: NodeJS.ProcessEnv): void => {
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  };
  set(changes);
  try {
    await body();
  } finally {
    set(before);
  }
}

describeWithKerberos('signing in to HDFS', (hadoop) => {
  it('by keytab: one token, in the name of its principal, cancelled at the end', async () => {
    const token = await lookOnce(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl } }, async (token) => {
      expect(await ask(hadoop(), token)).toMatch(/^200 /);
    });
    const facts = tokenFacts(token);
    expect(facts).toMatchObject({ owner: 'etl', renewer: 'etl' });
    expect((facts?.maxDate ?? 0) - (facts?.issueDate ?? 0)).toBe(MAX_LIFE_MS);
    expect(await ask(hadoop(), token)).toMatch(/^403 .*InvalidToken.*can't be found in cache/);
  });

  it('by ticket cache, declared or of the environment', async () => {
    const { kdc, keytabs } = hadoop();
    const cache = kdc.kinit('etl', keytabs.etl, '5m');
    const declared = await lookOnce(hadoop(), { kerberos: { ticket_cache: cache, principal: `etl@${REALM}` } });
    expect(tokenFacts(declared)).toMatchObject({ owner: 'etl' });
    await withEnvironment({ KRB5CCNAME: `FILE:${cache}` }, async () => {
      expect(tokenFacts(await lookOnce(hadoop(), { kerberos: {} }))).toMatchObject({ owner: 'etl' });
    });
  });

  it('as two users at once, each by a keytab of its own', async () => {
    const { etl, guest } = hadoop().keytabs;
    const tokens = await Promise.all(
      [etl, guest, etl, guest].map((keytab) => lookOnce(hadoop(), { kerberos: { keytab } })),
    );
    expect(tokens.map((token) => tokenFacts(token)?.owner)).toEqual(['etl', 'guest', 'etl', 'guest']);
  });

  it('by a declared token, used as it stands; when it ends, that is said with its owner and what to do', async () => {
    const stores = openStores({ lake: secureConnection(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl } }) });
    await (await stores.of('hdfs://lake/')).look('hdfs://lake/', through);
    const { lake } = await stores.share();
    const board = lake?.type === 'webhdfs' ? lake.tokenBoard : null;
    const token = new TokenBoard(board ?? undefined).read() ?? '';
    await using declared = openStores({ lake: secureConnection(hadoop(), { token }) });
    const store = await declared.of('hdfs://lake/');
    expect(await store.look('hdfs://lake/', through)).toMatchObject({ kind: 'folder' });
    await stores[Symbol.asyncDispose](); // which cancels it
    const error: unknown = await store.look('hdfs://lake/', through).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ATLAS_HDFS_AUTH', hint: expect.stringMatching(/new token/) });
    expect((error as Error).message).toMatch(
      /token of connection lake, issued to etl, of use until 20\d\d-.*InvalidToken: Token .*can't be found/,
    );
    expect((error as Error).message).not.toContain(token);
  });

  it('is refused to nobody by name, which says what to declare', async () => {
    const error = await failure(hadoop(), { user: 'etl' });
    expect(error.code).toBe('ATLAS_HDFS_AUTH');
    expect(error.message).toMatch(
      /asks for Kerberos \(Negotiate\), and connection lake declares neither kerberos nor token/,
    );
    expect(error.hint).toMatch(/"kerberos": \{\}/);
  });

  it('lets in whom HDFS then denies: one attempt, and who it was', async () => {
    await using stores = openStores({
      lake: secureConnection(hadoop(), { kerberos: { keytab: hadoop().keytabs.guest } }),
    });
    const path = `hdfs://lake/${randomBytes(6).toString('hex')}`;
    const error: unknown = await (await stores.of(path)).makeFolders(path, through).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ATLAS_HDFS_DENIED', message: expect.stringMatching(/user=guest/) });
  });

  it('with a principal that the keytab does not hold: which it holds', async () => {
    const error = await failure(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl, principal: `other@${REALM}` } });
    expect(error.code).toBe('ATLAS_HDFS_KERBEROS');
    expect(error.message).toMatch(/gives no ticket of other@ATLAS\.TEST; it holds keys of etl@ATLAS\.TEST/);
  });

  it('with a principal that the KDC has forgotten, or whose key is newer than the keytab', async () => {
    const { kdc } = hadoop();
    const gone = kdc.keytab('gone', ['gone']);
    kdc.forget('gone');
    const unknown = await failure(hadoop(), { kerberos: { keytab: gone } });
    expect(unknown).toMatchObject({ code: 'ATLAS_HDFS_KERBEROS', hint: expect.stringMatching(/kerberos\.principal/) });
    expect(unknown.message).toMatch(/KDC does not know the principal: .*gone@ATLAS\.TEST/);
    const old = kdc.keytab('old', ['old']);
    kdc.rekey('old');
    const stale = await failure(hadoop(), { kerberos: { keytab: old } });
    expect(stale).toMatchObject({ code: 'ATLAS_HDFS_KERBEROS', hint: expect.stringMatching(/keytab is older/) });
  });

  it('with a keytab that is not there, or is none', async () => {
    const missing = await failure(hadoop(), { kerberos: { keytab: '/no/such.keytab' } });
    expect(missing).toMatchObject({
      code: 'ATLAS_HDFS_KERBEROS',
      message: expect.stringMatching(/\/no\/such\.keytab .*ENOENT/),
    });
    const path = join(hadoop().kdc.home, 'text.keytab');
    writeFileSync(path, 'not a keytab');
    expect((await failure(hadoop(), { kerberos: { keytab: path } })).message).toMatch(/it is no keytab/);
  });

  it('with an expired ticket: when it expired, and what to type', async () => {
    const { kdc, keytabs } = hadoop();
    const cache = kdc.kinit('etl', keytabs.etl, '1s');
    await sleep(1500);
    const error = await failure(hadoop(), { kerberos: { ticket_cache: cache } });
    expect(error.code).toBe('ATLAS_HDFS_KERBEROS');
    expect(error.message).toMatch(/ticket of etl@ATLAS\.TEST expired at 20\d\d-\d\d-\d\dT/);
    expect(error.hint).toContain(`kinit -c FILE:${cache} etl@${REALM}`);
  });

  it('with no ticket, or one of somebody else', async () => {
    const { kdc, keytabs } = hadoop();
    const none = await failure(hadoop(), { kerberos: {} });
    expect(none).toMatchObject({ code: 'ATLAS_HDFS_KERBEROS', hint: expect.stringMatching(/kinit/) });
    expect(none.message).toMatch(/there is no ticket in the ticket cache/);
    const cache = kdc.kinit('guest', keytabs.guest, '5m');
    const other = await failure(hadoop(), { kerberos: { ticket_cache: cache, principal: `etl@${REALM}` } });
    expect(other.message).toMatch(/there is a ticket of guest@ATLAS\.TEST .*, and etl@ATLAS\.TEST is asked for/);
  });

  it('with a service, realm or KDC that is not there', async () => {
    const { kdc, keytabs } = hadoop();
    const kerberos = { keytab: keytabs.etl };
    const service = await failure(hadoop(), { kerberos: { ...kerberos, service: 'HTTP@elsewhere' } });
    expect(service).toMatchObject({
      code: 'ATLAS_HDFS_KERBEROS',
      message: expect.stringMatching(/no service HTTP@elsewhere/),
    });
    const write = (name: string, text: string): string => {
      writeFileSync(join(kdc.home, name), text);
      return join(kdc.home, name);
    };
    await withEnvironment({ KRB5_CONFIG: write('no-kdc.conf', configurationOf(1)) }, async () => {
      const error = await failure(hadoop(), { kerberos });
      expect(error).toMatchObject({ code: 'ATLAS_HDFS_KDC', exit: 75, retryable: true });
    });
    const silent = createSocketServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await withEnvironment({ KRB5_CONFIG: write('silent-kdc.conf', configurationOf(port)) }, async () => {
      const error = await failure(hadoop(), { kerberos, timeouts: { call_ms: 2000 } });
      expect(error).toMatchObject({
        code: 'ATLAS_HDFS_KDC',
        message: expect.stringMatching(/no Kerberos ticket in 2000 ms/),
      });
    });
    silent.close();
    await withEnvironment(
      { KRB5_CONFIG: write('no-realm.conf', '[libdefaults]\ndns_lookup_kdc = false\n') },
      async () => {
        const error = await failure(hadoop(), { kerberos });
        expect(error).toMatchObject({ code: 'ATLAS_HDFS_KERBEROS', hint: expect.stringMatching(/krb5\.conf/) });
      },
    );
  });

  it('with a ticket that the server cannot read: what it said, and why that may be', async () => {
    hadoop().kdc.keytab('another', ['HTTP/another']);
    const error = await failure(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl, service: 'HTTP@another' } });
    expect(error.code).toBe('ATLAS_HDFS_AUTH');
    expect(error.message).toMatch(/does not accept the Kerberos ticket \(HTTP 403: .*GSSException/);
    expect(error.hint).toMatch(/kerberos\.service/);
  });

  it('to a server that repeats the ticket in what it refuses it with, or makes up a proof: no ticket is shown', async () => {
    let sent = '';
    let status = 401;
    const server = createServer((asked, answer) => {
      sent = asked.headers.authorization?.split(' ')[1] ?? '';
      const said = `${asked.url} ${asked.headers.authorization}`;
      answer.writeHead(status, `not ${said}`, { 'www-authenticate': said.replace(/^\S+ /, '') });
      answer.end(JSON.stringify({ RemoteException: { exception: 'AuthenticationException', message: said } }));
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    for (status of [401, 403, 200]) {
      const error = await failure({ ...hadoop(), url }, { kerberos: { keytab: hadoop().keytabs.etl } });
      expect(error.code).toBe('ATLAS_HDFS_AUTH');
      expect(sent).toMatch(/^YII/);
      expect(`${inspect(error, { depth: null })} ${error.hint}`).not.toContain(sent);
    }
    server.close();
  });

  it('without the npm package: what to install', async () => {
    await withEnvironment({ NODE_PATH: undefined }, async () => {
      const error = await failure(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl } });
      expect(error).toMatchObject({
        code: 'ATLAS_HDFS_KERBEROS',
        message: expect.stringMatching(/kerberos.* is not installed/),
      });
      expect(error.hint).toMatch(/npm install kerberos@7 .*libkrb5-dev/);
    });
    const packages = join(hadoop().kdc.home, 'broken', 'kerberos');
    mkdirSync(packages, { recursive: true });
    writeFileSync(join(packages, 'index.js'), 'throw new Error("libgssapi_krb5.so.2: cannot open shared object file")');
    await withEnvironment({ NODE_PATH: join(packages, '..') }, async () => {
      const error = await failure(hadoop(), { kerberos: { keytab: hadoop().keytabs.etl } });
      expect(error.message).toMatch(/does not work here: libgssapi_krb5\.so\.2/);
    });
  });
});
