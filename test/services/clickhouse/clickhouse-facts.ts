import type { PemCertificates } from '../tls/make-pem-certificates.ts';

/** How to reach a ClickHouse. */
export interface ClickhouseFacts {
  /** `http://127.0.0.1:…`, or `https://localhost:…` where it speaks TLS. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Its default database, `ENGINE = Atomic`. */
  readonly database: string;
  /** Folder of its data and its log. */
  readonly home: string;
  readonly tls: PemCertificates | null;
}
