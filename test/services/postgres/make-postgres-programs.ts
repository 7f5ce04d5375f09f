import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { missingLinks, type PostgresPrograms } from './postgres-programs.ts';

/** The folder of a PostgreSQL's programs, ready to run; those of the npm package are copied to `home`, where its server may read them. */
export function makePostgresPrograms(programs: PostgresPrograms | null, home: string): string {
  if (programs === null) throw new Error('there is no PostgreSQL here');
  if (programs.package === null) return programs.bin;
  const copy = join(home, 'programs');
  cpSync(programs.package, copy, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of missingLinks(copy)) {
    const link = join(copy, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return join(copy, 'native', 'bin');
}
