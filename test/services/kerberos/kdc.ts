import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import { serviceHome } from '../service-home.ts';
import { untilReady } from '../until-ready.ts';

export const REALM = 'ATLAS.TEST';

/** What a KDC takes (Debian: krb5-kdc, krb5-admin-server, krb5-user). */
export const KDC_PROGRAMS: readonly string[] = ['krb5kdc', 'kdb5_util', 'kadmin.local', 'kinit'];

/** What other processes know of a KDC. */
export interface KdcFacts {
  readonly home: string;
  readonly port: number;
}

/** MIT's KDC with a realm, database and port of its own on loopback. Its keys are for nothing but tests. */
export class Kdc implements AsyncDisposable {
  readonly home: string;
  readonly port: number;
  #server: ServerProcess | null = null;

  /** One that runs already. */
  constructor({ home, port }: KdcFacts) {
    this.home = home;
    this.port = port;
  }

  /** Makes the realm and starts its KDC, which knows nobody yet. */
  static async start(): Promise<Kdc> {
    const kdc = new Kdc({ home: serviceHome('kdc'), port: await freePort() });
    writeFileSync(kdc.configuration, configurationOf(kdc.port));
    writeFileSync(
      join(kdc.home, 'kdc.conf'),
      `[realms]
 ${REALM} = {
  database_name = ${kdc.home}/principals
  key_stash_file = ${kdc.home}/stash
  acl_file = ${kdc.home}/acl
  kdc_listen = 127.0.0.1:${kdc.port}
  kdc_tcp_listen = 127.0.0.1:${kdc.port}
  max_life = 1d
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
 }
`,
    );
    kdc.#run('kdb5_util', ['create', '-s', '-r', REALM, '-P', 'for tests']);
    kdc.#server = ServerProcess.start('krb5kdc', ['-n', '-r', REALM], join(kdc.home, 'kdc.log'), kdc.environment);
    await untilReady('the KDC', { krb5kdc: kdc.#server }, () => listens(kdc.port));
    return kdc;
  }

  get configuration(): string {
    return join(this.home, 'krb5.conf');
  }

  /** With which programs find this realm. */
  get environment(): Readonly<Record<string, string>> {
    return {
      KRB5_CONFIG: this.configuration,
      KRB5_KDC_PROFILE: join(this.home, 'kdc.conf'),
      KRB5CCNAME: `FILE:${join(this.home, 'no-such-cache')}`,
      PATH: [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter),
    };
  }

  /** Makes principals whose tickets live `life` at most, and a keytab of all of them; answers its path. */
  keytab(name: string, principals: readonly string[], life = '1 day'): string {
    const path = join(this.home, `${name}.keytab`);
    for (const principal of principals) this.#admin(`addprinc -randkey -maxlife "${life}" ${principal}`);
    this.#admin(`ktadd -norandkey -k ${path} ${principals.join(' ')}`);
    return path;
  }

  /** Removes a principal. */
  forget(principal: string): void {
    this.#admin(`delprinc -force ${principal}`);
  }

  /** Gives a principal a new key: what stands in keytabs is too old from then on. */
  rekey(principal: string): void {
    this.#admin(`cpw -randkey ${principal}`);
  }

  /** Fills a ticket cache; answers its path. */
  kinit(principal: string, keytab: string, life: string): string {
    const path = join(this.home, `${principal.replaceAll('/', '-')}-${life}.cc`);
    this.#run('kinit', ['-c', `FILE:${path}`, '-k', '-t', keytab, '-l', life, principal]);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    rmSync(this.home, { recursive: true, force: true });
  }

  #admin(query: string): void {
    this.#run('kadmin.local', ['-r', REALM, '-q', query]);
  }

  #run(program: string, args: readonly string[]): void {
    const { status, stdout, stderr } = spawnSync(program, args, {
      env: { ...process.env, ...this.environment },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  }
}

/** A `krb5.conf`; nothing is looked up in DNS. `port` = of the KDC. */
export function configurationOf(port: number, more = ''): string {
  return `[libdefaults]
 default_realm = ${REALM}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
${more}
[realms]
 ${REALM} = {
  kdc = 127.0.0.1:${port}
 }
[domain_realm]
 localhost = ${REALM}
`;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
