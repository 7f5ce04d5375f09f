import { spawn } from 'node:child_process';

/** Runs a program to its end. Fails with the end of what it printed where it does not exit with 0. */
export function runQuietly(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const keep = (part: Buffer): void => {
      said = `${said}${part.toString('utf8')}`.slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0] ?? ''} ended with ${code}:\n${said}`));
    });
  });
}
