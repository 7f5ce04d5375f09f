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

interface DatabaseServer {
  readonly name: string;
  /** A name, an address, or the folder of a Unix socket (begins with `/`). */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** null = what the environment says (`PGUSER`), or the server's own default. */
  readonly user: string | null;
  readonly password: string | null;
  /** null = plain: a server on this machine, or one that was declared dangerous. */
  readonly tls: {
    /** Absolute paths (PEM). */
    readonly caFile: string | null;
    readonly certFile: string | null;
    readonly keyFile: string | null;
    /** Name that the certificate must hold. */
    readonly serverName: string;
  } | null;
  /** Milliseconds. */
  readonly limits: { readonly connect: number; readonly statement: number; readonly idle: number };
  readonly attempts: number;
}

/** A declared PostgreSQL, resolved. It may hold secrets, as `HdfsConnection` does. */
export interface PostgresConnection extends DatabaseServer {
  readonly type: 'postgresql';
}

/** A declared MySQL or MariaDB, resolved. It may hold secrets. */
export interface MysqlConnection extends DatabaseServer {
  readonly type: 'mysql';
}

export type DatabaseConnection = PostgresConnection | MysqlConnection;

/** A declared ClickHouse, resolved. It may hold secrets. */
export interface ClickhouseConnection {
  readonly type: 'clickhouse';
  readonly name: string;
  /** Absolute: where the embedded engine keeps its data. null = a server. */
  readonly folder: string | null;
  /** http or https, in the order they are tried; null = what the environment says (`CLICKHOUSE_URL`, `CLICKHOUSE_HOST`, …). */
  readonly urls: readonly string[] | null;
  /** null = what the environment says, or the default. */
  readonly database: string | null;
  readonly user: string | null;
  readonly password: string | null;
  /** Absolute paths (PEM). */
  readonly tls: { readonly caFile: string | null; readonly certFile: string | null; readonly keyFile: string | null };
  /** Whether http may be spoken to another machine. */
  readonly plaintext: boolean;
  /** Nobody but this program writes to the tables that it loads. */
  readonly exclusive: boolean;
  readonly compression: 'auto' | 'none' | 'lz4' | 'zstd';
  /** Milliseconds. */
  readonly limits: { readonly connect: number; readonly statement: number; readonly idle: number };
  readonly attempts: number;
}

export type Connection = HdfsConnection | DatabaseConnection | ClickhouseConnection;

/** The servers that a group declares, by name. */
export type Connections = Readonly<Record<string, Connection>>;
