/** A declared HDFS, resolved. It may hold secrets: no message, receipt, plan or ledger ever does. Survives `postMessage`. */
export interface HdfsConnection {
  readonly type: 'webhdfs';
  /** What `hdfs://<name>/…` says. */
  readonly name: string;
  /** NameNodes or gateways in the order they are tried, each with its path (`http://nn1:9870/webhdfs/v1`). */
  readonly urls: readonly string[];
  /** `httpfs`: no redirects, the server takes and gives the bytes itself. */
  readonly api: 'webhdfs' | 'httpfs';
  readonly user: string | null;
  /** Delegation token. */
  readonly token: string | null;
  readonly kerberos: {
    readonly principal: string | null;
    /** Absolute path. */
    readonly keytab: string | null;
    /** As `KRB5CCNAME` is written (`FILE:/tmp/etl.cc`). */
    readonly ticketCache: string | null;
    readonly service: string | null;
  } | null;
  /** Where the thread that signs in by Kerberos shows others the token it got; set where connections are shared. */
  readonly tokenBoard?: SharedArrayBuffer | null;
  /** Absolute path of certificates (PEM) to trust besides the system's. */
  readonly caFile: string | null;
  /** Null = the hosts of `urls`, and what shares their domains. */
  readonly redirectHosts: readonly string[] | null;
  /** Milliseconds. */
  readonly limits: { readonly connect: number; readonly idle: number; readonly call: number; readonly wait: number };
  readonly attempts: number;
  /** Octal. */
  readonly permission: string | null;
  readonly replication: number | null;
  /** Bytes. */
  readonly blockSize: number | null;
}

/** The servers that a group declares, by name. */
export type Connections = Readonly<Record<string, HdfsConnection>>;
