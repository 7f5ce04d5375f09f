import type { ErrorCode } from '../errors.ts';

/** What stands behind a code, for who meets it the first time: a paragraph each. */
export const LESSONS: Readonly<Partial<Record<ErrorCode, readonly string[]>>> = {
  ATLAS_CONNECTION_UNKNOWN: [
    'In hdfs://lake/x the word lake is no host: it is the name of a connection, which says where the servers are, who asks, and by which certificates. So paths stay the same when servers move, and differ by nothing between environments.',
    'Connections are looked for in the document of the group, and in metadata/_connections.json with that of --env over it. A run, a plan and doctor take those of the group; inspect without --ocs takes the shared ones alone.',
  ],
  ATLAS_HDFS_UNAVAILABLE: [
    'WebHDFS is served by NameNodes over http: port 9870 (https: 9871), in Hadoop 2 50070. 8020 and 9000 are the RPC port of Java clients, which is another protocol. HttpFS, a gateway, is at 14000.',
    'With two NameNodes name both in url: one is active, the other stands by and says so, and after a failover it is the other way round. In safe mode, after a start, nothing can be written until enough DataNodes have reported: "hdfs dfsadmin -safemode get" tells.',
    'Calls that may be repeated were repeated, with growing pauses (attempts, timeouts.wait_ms), before this was said. Nothing was published; running again later is safe.',
  ],
  ATLAS_HDFS_DENIED: [
    'HDFS knows users, groups, permission bits and ACLs as a Unix file system does. Writing a file needs w and x on its folder, reading r on the file and x on every folder above it. Replacing a file needs the folder, too: it is renamed into place.',
    'Who we are is said by user (believed as it stands where the cluster is not secured), by the token, or by the Kerberos ticket. The groups of a user are looked up on the NameNode, not here.',
    '"hdfs dfs -getfacl <folder>" shows who may; its owner lets somebody in by "hdfs dfs -setfacl -m user:etl:rwx <folder>". doctor tells whose the folder is.',
  ],
  ATLAS_HDFS_AUTH: [
    'A cluster that is secured asks for Kerberos (SPNEGO) or a delegation token; one that is not believes user. A token is issued to one user, must be renewed, and is of no use after its last day (7 by default): "hdfs fetchdt" gets one, and a keytab under kerberos gets and renews them by itself.',
    'Keep tokens outside the document: "token": "${file:/run/secrets/hdfs}". They are never shown, not even here.',
  ],
  ATLAS_HDFS_KERBEROS: [
    'A ticket comes from a cache that kinit filled ("kerberos": {}), or from a keytab, which works for years without anybody typing ("kerberos": { "keytab": "…", "principal": "etl@EXAMPLE.ORG" }). klist shows the one, "klist -kt <file>" the other.',
    'The service that is asked for is HTTP/<host> with the host of url: an address or an alias there has no entry in the KDC. Clocks may differ by five minutes at most.',
  ],
  ATLAS_HDFS_REDIRECT: [
    'To read or write, a NameNode sends us on to a DataNode, by a redirect. Data and tokens go wherever that leads, so it is only followed to the hosts of url, to what shares their domain (nn1.dc1.example.org: *.dc1.example.org), and to what redirect_hosts names. Not one byte was sent.',
    'If the host is a DataNode of the cluster, add it: "redirect_hosts": ["dn1.dc2.example.org"] or ["*.dc2.example.org"]. If it is not, find out who answers in the place of the NameNode.',
  ],
  ATLAS_HDFS_DATANODE: [
    'The bytes of files do not go through the NameNode: it names a DataNode, by the name that this DataNode announced, and we go there. That name is often one that only the cluster knows: a container, a host of a cloud, an address of an inner network.',
    'Three ways out: make the names known here (DNS, /etc/hosts, VPN) and open the port (9864, https 9865; in Hadoop 2 50075); have the DataNodes announce other names (dfs.datanode.hostname); or go through HttpFS or a gateway, which takes the bytes itself ("api": "httpfs").',
    'atlas-ingest doctor asks where a file would go, and tries to go there, before anything is written.',
  ],
  ATLAS_HDFS_TLS: [
    'A server shows a certificate, which somebody has signed. The system knows public signers; those of a company mostly not: name their certificate, in PEM form, under "tls": { "ca": "certs/ca.pem" }, beside which those of the system go on counting. There is no way to switch the check off.',
    'The host in url must be one of the names in the certificate: an address or a short name is often not. "openssl s_client -connect <host>:<port> -showcerts" shows all; doctor says who signed, and until when.',
  ],
  ATLAS_HDFS_PROTOCOL: [
    'Something answered over http that is not WebHDFS: a web server, a proxy, a login page, the web pages of Hadoop under another path. NameNodes have WebHDFS under /webhdfs/v1, gateways under a path of their own (Knox: /gateway/<topology>/webhdfs/v1): write it into url.',
    'doctor shows what answered: status, kind and title, never its text.',
  ],
  ATLAS_HDFS_UNCERTAIN: [
    'A connection broke after a step was asked for and before its answer came. Such a step is never repeated blindly, and nothing is deleted: we look (file id, length, checksum) and mostly know. Here, looking did not tell.',
    'The next run of the same dataset looks again, first of all, and settles it or stops with ATLAS_TARGET_CONFLICT.',
  ],
  ATLAS_CH_TABLE_MISSING: [
    'ingest records makes no table unless it is told to: a name that was mistyped would become one. --create-table makes it, by the columns of the files; in a document create_table is true unless it says otherwise.',
    'A name without a database is one of the database of the connection: --database, CLICKHOUSE_DATABASE, or "database" of the connection; of the embedded engine it is atlas. "atlas-ingest query \'SHOW TABLES\'" lists what is there.',
  ],
  ATLAS_CH_COLUMNS: [
    'A table that is there keeps its columns. What is loaded is held against them before a row is read: a column that the table lacks would be lost, one that the file lacks would be empty or 0 without anybody having said so, a type that is too narrow would cut or wrap values.',
    'Add columns with ALTER TABLE … ADD COLUMN, give those that a file lacks a DEFAULT or make them Nullable; in a document, on_drift: "evolve" adds nullable columns and widens types by itself.',
  ],
  ATLAS_TIMEOUT: [
    '--timeout is for all of ingest records: reading the files, loading and publishing. What a file was to add is published whole or not at all; files that were done before stay, and are recognised when the same command is run again.',
    'Once the step that publishes has begun it is carried through: a load is never left half-way because time was over.',
  ],
};
