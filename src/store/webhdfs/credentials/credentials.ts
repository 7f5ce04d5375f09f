import type { Call } from '../call/call.ts';

/** What a request carries so that the server knows who asks. Secret. */
export interface Presented {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Hears how the server answered it (`WWW-Authenticate`, or null), once. Fails where the server is not the one it says it is. */
  readonly settle?: (challenge: string | null) => Promise<void>;
}

/** A server did not take what was presented. Nothing was done. */
export interface Refusal {
  readonly call: Call;
  readonly status: number;
  /** What it asks for instead (`WWW-Authenticate`), or null. */
  readonly challenge: string | null;
  /** In the server's words. */
  readonly reason: string;
}

/** Who asks, on one connection. */
export interface Credentials extends AsyncDisposable {
  /** For one request to the NameNode at `base`. Fails with ATLAS_HDFS_KERBEROS, ATLAS_HDFS_KDC, ATLAS_HDFS_AUTH. */
  present(base: string, options: { readonly signal: AbortSignal }): Promise<Presented>;
  /** Sees to others after a refusal, to ask once more with. Fails with ATLAS_HDFS_AUTH where there can be none. */
  replace(presented: Presented, refusal: Refusal, options: { readonly signal: AbortSignal }): Promise<void>;
}
