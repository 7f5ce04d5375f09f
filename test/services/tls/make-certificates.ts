import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from '../run-quietly.ts';

/** Of every store: what is in them is worth nothing. */
export const PASSPHRASE = 'of tests';

/** A certificate authority of its own, and what it certified: a server known as `localhost`, by that name only. */
export interface Certificates {
  /** PEM of the authority. */
  readonly caFile: string;
  /** PKCS #12 of the server: key, certificate and authority. */
  readonly keyStore: string;
}

const KEY = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '30'];

/** Makes them in a folder by keytool. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const [caFile, keyStore] = [file('ca.pem'), file('server.p12')];
  const stores = { ca: file('authority.p12'), server: keyStore };
  const tool = (command: string, alias: keyof typeof stores, ...args: string[]): Promise<string> => {
    const store = ['-keystore', stores[alias], '-storetype', 'PKCS12', '-storepass', PASSPHRASE, '-alias', alias];
    return runQuietly('keytool', [`-${command}`, ...store, ...args]);
  };
  await Promise.all([
    tool('genkeypair', 'ca', '-dname', 'CN=authority of tests', '-ext', 'bc:c=ca:true', ...KEY),
    tool('genkeypair', 'server', '-dname', 'CN=server of tests', ...KEY),
  ]);
  await Promise.all([
    tool('exportcert', 'ca', '-rfc', '-file', caFile),
    tool('certreq', 'server', '-file', file('server.csr')),
  ]);
  const asked = ['-infile', file('server.csr'), '-outfile', file('server.pem'), '-ext', 'san=dns:localhost'];
  await tool('gencert', 'ca', '-rfc', '-validity', '30', ...asked);
  writeFileSync(file('chain.pem'), `${readFileSync(file('server.pem'), 'utf8')}${readFileSync(caFile, 'utf8')}`);
  await tool('importcert', 'server', '-noprompt', '-file', file('chain.pem'));
  return { caFile, keyStore };
}

/** The server's identity as Node takes it. */
export function identityOf({ keyStore }: Certificates): { readonly pfx: Buffer; readonly passphrase: string } {
  return { pfx: readFileSync(keyStore), passphrase: PASSPHRASE };
}
