import { describe, expect, it } from 'vitest';
import { serverAddress } from '../../../../src/sink/clickhouse/server/server-address.ts';
import { clickhouseConnection } from './clickhouse-connection.ts';

const addressOf = (env: NodeJS.ProcessEnv, said = {}) => {
  const { urls, ...rest } = serverAddress(clickhouseConnection(said), env);
  return { urls: urls.map(String), ...rest };
};

describe('where a server is', () => {
  it.each([
    [{}, 'http://localhost:8123/'],
    [{ CLICKHOUSE_HOST: 'ch1' }, 'https://ch1:8443/'],
    [{ CLICKHOUSE_HOST: 'ch1', CLICKHOUSE_PORT: '443' }, 'https://ch1/'],
    [{ CLICKHOUSE_HOST: '127.0.0.1', CLICKHOUSE_PORT: '9001' }, 'http://127.0.0.1:9001/'],
    [{ CLICKHOUSE_HOST: '::1' }, 'http://[::1]:8123/'],
    [{ CLICKHOUSE_HOST: 'https://ch1:9443' }, 'https://ch1:9443/'],
    [{ CLICKHOUSE_HOST: '', CLICKHOUSE_URL: 'https://ch2/proxied' }, 'https://ch2/proxied'],
    [{ CLICKHOUSE_HOST: 'ch1', CLICKHOUSE_URL: 'https://ch2' }, 'https://ch2/'],
  ])('is what the environment says: %o', (env, url) => {
    expect(addressOf(env).urls).toEqual([url]);
  });

  it('is what the connection says before that', () => {
    const env = {
      CLICKHOUSE_URL: 'https://ch2',
      CLICKHOUSE_USER: 'b',
      CLICKHOUSE_PASSWORD: 'y',
      CLICKHOUSE_DATABASE: 'z',
    };
    const said = { urls: ['https://ch1'], user: 'a', password: 'x', database: 'd' };
    expect(addressOf(env, said)).toEqual({ urls: ['https://ch1/'], user: 'a', password: 'x', database: 'd' });
    expect(addressOf(env, {})).toEqual({ urls: ['https://ch2/'], user: 'b', password: 'y', database: 'z' });
    expect(addressOf({}, {})).toMatchObject({ user: 'default', password: null, database: 'default' });
  });

  it('has user and password of CLICKHOUSE_URL taken out of it', () => {
    const env = { CLICKHOUSE_URL: 'https://e%40tl:Tr0ub%264dor@ch2:8443/?a=b', CLICKHOUSE_USER: 'other' };
    expect(addressOf(env)).toMatchObject({ urls: ['https://ch2:8443/'], user: 'e@tl', password: 'Tr0ub&4dor' });
  });

  it.each(['ch1:9000', 'clickhouse://ch1', 'chdb:x', 'not a url'])('is none: %s', (text) => {
    expect(() => addressOf({ CLICKHOUSE_URL: text })).toThrow('neither http:// nor https://');
  });

  it('is not spoken to in plain text on another machine', () => {
    const env = { CLICKHOUSE_HOST: 'ch1', CLICKHOUSE_PORT: '8123' };
    expect(() => addressOf(env)).toThrow('ch1:8123 is another machine');
    expect(addressOf(env, { plaintext: true }).urls).toEqual(['http://ch1:8123/']);
  });
});
