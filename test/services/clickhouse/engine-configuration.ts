import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an engine forbids. */
export interface EngineLimits {
  /** What its user may do (`GRANT SELECT, INSERT ON atlas.*`), and nothing else; everything where it is absent. */
  readonly grants?: readonly string[];
  /** So many bytes of its disk are never used: with more than there are, every INSERT ends with 243 NOT_ENOUGH_SPACE. */
  readonly keepFreeBytes?: number;
}

/** Writes the engine's configuration into a folder and answers its path; `null` where nothing is forbidden. */
export function engineConfiguration(folder: string, { grants, keepFreeBytes }: EngineLimits): string | null {
  if (grants === undefined && keepFreeBytes === undefined) return null;
  const users = join(folder, 'users.xml');
  const file = join(folder, 'config.xml');
  const lines: string[] = [];
  if (grants !== undefined) {
    writeFileSync(users, usersOf(grants));
    lines.push(`<users_config>${users}</users_config>`);
  }
  if (keepFreeBytes !== undefined) {
    const disk = `<default><keep_free_space_bytes>${keepFreeBytes}</keep_free_space_bytes></default>`;
    lines.push(`<storage_configuration><disks>${disk}</disks></storage_configuration>`);
  }
  writeFileSync(file, `<clickhouse>${lines.join('')}</clickhouse>\n`);
  return file;
}

function usersOf(grants: readonly string[]): string {
  const queries = grants.map((grant) => `<query>${escaped(grant)}</query>`).join('');
  const user = `<networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>`;
  return (
    '<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users>' +
    `<default><password></password>${user}<grants>${queries}</grants></default></users></clickhouse>\n`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
