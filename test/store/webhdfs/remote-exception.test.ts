import { describe, expect, it } from 'vitest';
import { parseRemoteException, remedyOf } from '../../../src/store/webhdfs/call/remote-exception.ts';

const body = (exception: unknown, message: unknown, javaClassName?: unknown) =>
  JSON.stringify({ RemoteException: { exception, javaClassName, message } });
const SAFE = 'org.apache.hadoop.hdfs.server.namenode.SafeModeException';

describe('the exception that is meant', () => {
  it.each([
    ['as it stands', body('StandbyException', 'x'), 'StandbyException', 'again'],
    [
      'in a RemoteException',
      body('RemoteException', `${SAFE}: Name node is in safe mode.`),
      'SafeModeException',
      'again',
    ],
    ['in two', body('RemoteException', `java.io.IOException: ${SAFE}: x`), 'SafeModeException', 'again'],
    ['in a RetriableException', body('RetriableException', `${SAFE}: x`), 'SafeModeException', 'again'],
    [
      'with its package',
      body('org.apache.hadoop.security.AccessControlException', 'x'),
      'AccessControlException',
      'stop',
    ],
    ['by its Java name alone', body(undefined, 'x', 'java.io.FileNotFoundException'), 'FileNotFoundException', 'stop'],
    ['of an inner class', body('SecretManager$InvalidToken', 'expired'), 'InvalidToken', 'stop'],
    [
      'a standby that reads a token',
      body(
        'SecurityException',
        'Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: StandbyException',
      ),
      'StandbyException',
      'again',
    ],
    [
      'an expired token',
      body(
        'SecurityException',
        'Failed to obtain user group information: org.apache.hadoop.security.token.SecretManager$InvalidToken: token is expired',
      ),
      'InvalidToken',
      'stop',
    ],
    ['a gateway that timed out', body('SocketTimeoutException', '60000 millis'), 'SocketTimeoutException', 'look'],
    ['a plain one', body('IOException', 'rename destination directory is not empty: /x'), 'IOException', 'stop'],
    ['with words that look like a class', body('IOException', 'NoException was thrown'), 'IOException', 'stop'],
  ])('%s', (_name, text, name, remedy) => {
    const found = parseRemoteException(text);
    expect(found?.name).toBe(name);
    expect(found === null ? null : remedyOf(found)).toBe(remedy);
  });

  it.each(['', 'null', '<html>', '{}', '{"RemoteException":null}', '{"RemoteException":{}}', body(7, 7)])(
    'is none in %s',
    (text) => {
      expect(parseRemoteException(text)).toBeNull();
    },
  );

  it('keeps one line of a message, and copes with none', () => {
    expect(parseRemoteException(body('X', 'one\n\tat two'))).toEqual({ name: 'X', message: 'one' });
    expect(parseRemoteException(body('X', null))).toEqual({ name: 'X', message: '' });
  });
});
