import { spawn } from 'node:child_process';
import type { ServerAccount } from './server-account.ts';

/** Runs a program to its end, as `account` where one is given; answers what it wrote to its standard output. Fails with the end of all it printed where it does not exit with 0. */
export function runQuietly(
  command: string,
  args: readonly string[],
  account: ServerAccount | null = null,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...account });
    let said = '';
    const keep = (part: Buffer): void => {
      said = `${said}${part.toString('utf8')}`.slice(-4000);
    };
    let out = '';
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString('utf8');
      keep(part);
    });
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${code}:\n${said}`));
    });
  });
}
