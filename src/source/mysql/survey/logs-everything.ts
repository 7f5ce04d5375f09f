import type { Abortable } from '../../../flow/source.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';

/**
 * Whether every change of every table moves the position of the binary log, so that equal positions mean equal snapshots; else why it does
 * not, or why nobody can know.
 */
export async function logsEverything(session: MysqlSession, options: Abortable): Promise<true | string> {
  const [[version = ''] = []] = await session.ask('SELECT version()', options);
  if (!/mariadb/i.test(version ?? '')) return 'only MariaDB says where a snapshot stands in the binary log';
  const variables = 'SELECT @@global.log_bin, @@global.log_slave_updates';
  const [[log = null, relayed = null] = []] = await session.ask(variables, options);
  if (log !== '1') return 'the server keeps no binary log';
  if (relayed !== '1') {
    const [[, replicas = '0'] = []] = await session.ask("SHOW GLOBAL STATUS LIKE 'Slaves_running'", options);
    if (replicas !== '0') return 'the server is a replica that does not log what it receives (log_slave_updates)';
  }
  try {
    const [[, , doing, ignored] = []] = await session.ask('SHOW MASTER STATUS', options);
    if (doing || ignored) return 'its binary log leaves out databases';
    return true;
  } catch {
    return 'this user may not see whether its binary log leaves out databases (GRANT BINLOG MONITOR ON *.*)';
  }
}
