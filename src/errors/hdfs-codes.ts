import { type Entry, entry } from './code-entry.ts';

/** The codes of connections, and of HDFS. */
export const HDFS_CODES = {
  ATLAS_CONNECTION_UNKNOWN: entry(
    2,
    'A path names a connection that is not declared.',
    'Declare it in the group or in _connections.json.',
  ),
  ATLAS_HDFS_TLS: entry(1, 'The certificates of a connection cannot be used.', 'Check tls.ca of the connection.'),
  ATLAS_HDFS_UNAVAILABLE: entry(
    75,
    'No NameNode answered, or the cluster asks for patience.',
    'Check the connection with atlas-ingest doctor; run again later.',
    true,
  ),
  ATLAS_HDFS_DENIED: entry(1, 'HDFS refuses this user.', 'Check user and permissions of the path.'),
  ATLAS_HDFS_AUTH: entry(1, 'HDFS does not accept the credentials.', 'Check user, token or ticket of the connection.'),
  ATLAS_HDFS_KERBEROS: entry(
    1,
    'Kerberos gives no ticket, or cannot be used here.',
    'Check kerberos of the connection, and kinit or the keytab with klist.',
  ),
  ATLAS_HDFS_KDC: entry(
    75,
    'No Kerberos server (KDC) answered.',
    'Check krb5.conf and the network; run again later.',
    true,
  ),
  ATLAS_HDFS_REDIRECT: entry(
    1,
    'A NameNode redirects to a host that no rule allows.',
    'Add the host to redirect_hosts if it is a DataNode of the cluster.',
  ),
  ATLAS_HDFS_DATANODE: entry(
    75,
    'A DataNode cannot be reached by the name or address that the cluster announces for it.',
    'Make the name known to this machine (DNS, /etc/hosts, VPN), open the port, or use HttpFS or a gateway.',
    true,
  ),
  ATLAS_HDFS_PROTOCOL: entry(1, 'An answer is not one of the WebHDFS protocol.', 'Check the URL and its path prefix.'),
  ATLAS_HDFS_UNCERTAIN: entry(
    75,
    'It cannot be told whether a step on HDFS was done: its answer was lost.',
    'Nothing was repeated or deleted. Run again: the next run looks at the target first, and settles what it finds.',
    true,
  ),
} as const satisfies Readonly<Record<string, Entry>>;
