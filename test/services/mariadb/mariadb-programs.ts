import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where the programs of a MariaDB are. */
export interface MariadbPrograms {
  readonly server: string;
  /** Makes an empty data folder. */
  readonly install: string;
}

/** Those on the PATH or in Debian's folder of servers; `null` where one is missing. */
export function mariadbPrograms(): MariadbPrograms | null {
  const [server, install] = [find('mariadbd', 'mysqld'), find('mariadb-install-db', 'mysql_install_db')];
  return server === null || install === null ? null : { server, install };
}

function find(...names: readonly string[]): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin'];
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find((file) => existsSync(file)) ?? null;
}
