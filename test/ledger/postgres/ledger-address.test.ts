import { userInfo } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLedgerAddress } from '../../../src/ledger/postgres/ledger-address.ts';

const read = (url: string, env: NodeJS.ProcessEnv = {}) => readLedgerAddress(url, env);

describe('the URL of a ledger', () => {
  it('says everything', () => {
    const url =
      'postgresql://etl:s%3Acret%2F@db.example:6543/at%20las?sslmode=verify-ca&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem' +
      '&connect_timeout=3&application_name=nightly&schema=my%20ledger&lease=120&options=-c%20work_mem%3D4MB&passfile=/p&target_session_attrs=read-write';
    expect(read(url)).toEqual({
      hosts: [{ host: 'db.example', port: 6543 }],
      user: 'etl',
      password: 's:cret/',
      passfile: '/p',
      database: 'at las',
      schema: 'my ledger',
      sslmode: 'verify-ca',
      sslrootcert: '/ca.pem',
      sslcert: '/c.pem',
      sslkey: '/k.pem',
      connectMs: 3000,
      applicationName: 'nightly',
      options: '-c work_mem=4MB',
      leaseMs: 120_000,
    });
  });

  it('leaves out what the environment says, or what libpq takes then', () => {
    const env = {
      PGHOST: 'db',
      PGPORT: '6000',
      PGUSER: 'etl',
      PGPASSWORD: 'geheim',
      PGDATABASE: 'atlas',
      PGSSLMODE: 'require',
      PGSSLROOTCERT: '/ca.pem',
      PGCONNECT_TIMEOUT: '7',
      PGAPPNAME: 'cron',
      HOME: '/home/etl',
    };
    expect(read('postgres://', env)).toMatchObject({
      hosts: [{ host: 'db', port: 6000 }],
      user: 'etl',
      password: 'geheim',
      passfile: '/home/etl/.pgpass',
      database: 'atlas',
      schema: 'atlas_ingest',
      sslmode: 'require',
      sslrootcert: '/ca.pem',
      connectMs: 7000,
      applicationName: 'cron',
    });
    expect(read('postgres://x:y@h:1/z', env)).toMatchObject({
      user: 'x',
      password: 'y',
      database: 'z',
      hosts: [{ host: 'h', port: 1 }],
    });
    const user = userInfo().username;
    expect(read('postgres://')).toMatchObject({
      hosts: [{ host: 'localhost', port: 5432 }],
      user,
      database: user,
      password: null,
    });
  });

  it('may name several servers, a socket, or an address', () => {
    expect(read('postgres://a:1,b,[::1]:3/x?port=9,8,7&sslmode=disable').hosts).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 8 },
      { host: '::1', port: 3 },
    ]);
    expect(read('postgres:///x?host=/run/pg,/tmp/pg&port=1').hosts).toEqual([
      { host: '/run/pg', port: 1 },
      { host: '/tmp/pg', port: 1 },
    ]);
    expect(read('postgres://u@%2Frun%2Fpg/x').hosts).toEqual([{ host: '/run/pg', port: 5432 }]);
    expect(read('postgres://', { PGHOST: '::1' }).hosts).toEqual([{ host: '::1', port: 5432 }]);
  });

  it('takes the schema from search_path, where it is not said', () => {
    const options = (text: string) => `postgres://u@localhost/x?options=${encodeURIComponent(text)}`;
    expect(read(options('-c search_path=etl,public')).schema).toBe('etl');
    expect(read(options('-c geqo=off --search_path="My\\ Own"')).schema).toBe('My Own');
    expect(read(`${options('-c search_path=etl')}&schema=mine`).schema).toBe('mine');
    expect(read(options('-c geqo=off')).schema).toBe('atlas_ingest');
  });

  it('verifies a server elsewhere unless it says otherwise, and needs no TLS on this host', () => {
    expect(read('postgres://u@db/x').sslmode).toBe('verify-full');
    expect(read('postgres://u@db/x', { PGSSLMODE: 'prefer' }).sslmode).toBe('verify-full');
    expect(read('postgres://u@db/x?sslmode=disable').sslmode).toBe('disable');
    expect(read('postgres://u@localhost,db/x').sslmode).toBe('verify-full');
    for (const host of ['localhost', '127.0.0.9', '[::1]', '%2Frun%2Fpg']) {
      expect(read(`postgres://u@${host}/x`).sslmode).toBe('disable');
      expect(read(`postgres://u@${host}/x?sslmode=prefer`).sslmode).toBe('disable');
      expect(read(`postgres://u@${host}/x?sslmode=verify-full`).sslmode).toBe('verify-full');
    }
    expect(() => read('postgres://u@127.evil.example/x?sslmode=prefer')).toThrow(/sslmode=prefer sends/);
  });

  it.each([
    ['postgres://u:geheim@h:port/x', 'a port in it is not a number'],
    ['postgres://u:gehe/im@h/x', 'a port in it is not a number'],
    ['postgres://u:gehe%im@h/x', 'the password holds a %'],
    ['postgres://u:geheim@h/x#y', 'it is not of the form'],
    ['postgres://u:geheim@h/x?sslmod=require', 'is not known'],
    ['postgres://u:geheim@h/x?geheim', 'is not known'],
    ['postgres://u:geheim@h/x?sslmode=yes', 'sslmode is "yes"'],
    ['postgres://u:geheim@h/x?connect_timeout=soon', 'connect_timeout is "soon"'],
    ['postgres://u:geheim@h/x?lease=0', 'lease is "0"'],
    ['postgres://u:geheim@h/x?target_session_attrs=standby', 'target_session_attrs is "standby"'],
    ['postgres://u:geheim@h:99999/x', 'a port in it'],
  ])('that cannot be understood is refused without repeating it: %s', (url, what) => {
    const error = (() => {
      try {
        return read(url);
      } catch (thrown) {
        return thrown as Error & { readonly hint: string };
      }
    })();
    expect(error).toMatchObject({ code: 'ATLAS_LEDGER_URL', message: expect.stringContaining(what) });
    const told = JSON.stringify([(error as Error).message, (error as { hint: string }).hint]);
    expect(told).not.toMatch(/gehe\/?im/);
  });

  it('round-trips any user, password, database and schema', () => {
    const text = fc.string({ minLength: 1, unit: 'binary' });
    fc.assert(
      fc.property(text, text, text, text, (user, password, database, schema) => {
        const [u, p, d, s] = [user, password, database, schema].map(encodeURIComponent);
        expect(read(`postgresql://${u}:${p}@localhost/${d}?schema=${s}`)).toMatchObject({
          user,
          password,
          database,
          schema,
        });
      }),
    );
  });
});
