import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from '../run-quietly.ts';

/** PEM files of an authority of its own and what it certified. Keys are not encrypted. */
export interface PemCertificates {
  readonly caFile: string;
  /** Of a server known as `localhost`, by that name only. */
  readonly serverCertFile: string;
  readonly serverKeyFile: string;
  /** Of a client whose common name is that of the database user. */
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
}

/** Makes them in a folder by openssl; `client` = the common name in the client's. */
export async function makePemCertificates(folder: string, client: string): Promise<PemCertificates> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Promise<string> => runQuietly('openssl', args);
  const asked = (name: string, subject: string): string[] => [
    ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${subject}`, '-keyout', file(`${name}.key`)],
  ];
  const extensions = 'basicConstraints=critical,CA:TRUE';
  await openssl(
    ...asked('ca', `authority of ${client}`),
    ...['-x509', '-days', '30', '-addext', extensions, '-out', file('ca.pem')],
  );
  writeFileSync(file('names.cnf'), 'subjectAltName=DNS:localhost\n');
  const certify = async (name: string, subject: string, serial: string, ...more: string[]): Promise<void> => {
    await openssl(...asked(name, subject), '-out', file(`${name}.csr`));
    const authority = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-set_serial', serial];
    await openssl('x509', '-req', '-in', file(`${name}.csr`), ...authority, ...more, '-out', file(`${name}.pem`));
  };
  await certify('server', 'server of tests', '1', '-days', '30', '-extfile', file('names.cnf'));
  await certify('client', client, '2', '-days', '30');
  for (const name of ['server.key', 'client.key', 'ca.key']) chmodSync(file(name), 0o600);
  return {
    caFile: file('ca.pem'),
    serverCertFile: file('server.pem'),
    serverKeyFile: file('server.key'),
    clientCertFile: file('client.pem'),
    clientKeyFile: file('client.key'),
  };
}
