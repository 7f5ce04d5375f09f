import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program stands on the PATH; Debian keeps servers in folders that are not on everybody's. */
export function onPath(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
