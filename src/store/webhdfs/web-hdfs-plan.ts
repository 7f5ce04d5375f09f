/** How long each step of an exchange may take, in milliseconds. */
export interface TimeLimits {
  /** Until a connection stands, TLS included. */
  readonly connect: number;
  /** Without a byte either way. */
  readonly idle: number;
  /** A call that carries no file. */
  readonly call: number;
  /** The longest pause between two attempts. */
  readonly wait: number;
}

/** A declared HDFS, resolved: everything that calls need. Secrets in it never enter a message. */
export interface WebHdfsPlan {
  /** Name of the connection: the authority of `hdfs://lake/…`. */
  readonly name: string;
  /** NameNodes or HttpFS gateways, in the order they are tried; each with its path prefix (`https://gateway/webhdfs/v1`). */
  readonly urls: readonly string[];
  /** `httpfs`: the server takes and gives the bytes itself. */
  readonly api: 'webhdfs' | 'httpfs';
  /** `user.name`, or null. */
  readonly user: string | null;
  /** Delegation token, or null. */
  readonly token: string | null;
  /** Where redirects may lead: host names, `*.domain` for what is below one. Null = the hosts of `urls`, and what shares their domain. */
  readonly redirectHosts: readonly string[] | null;
  /** All certificates (PEM) to trust, or null for those of the system. */
  readonly ca: string | null;
  readonly limits: TimeLimits;
  /** Attempts of a call that may be repeated, the first included; each asks every NameNode. */
  readonly attempts: number;
  /** Octal permission of new files (`644`), or null for the cluster's default. */
  readonly permission: string | null;
  readonly replication: number | null;
  readonly blockSize: number | null;
}
