import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onPath } from '../on-path.ts';

/** A process that dies at one of its system calls. */
export interface DeathAtCall extends AsyncDisposable {
  /** Whether it has come to that. */
  readonly struck: boolean;
}

/**
 * From now on the process dies (SIGKILL) where one of its threads is about to make its `when`th call (from 1 on, counted for each thread)
 * of those: the call is not made. Disposing it lets the process live. Needs strace, and the right to trace the process.
 */
export async function killAtCall(pid: number, calls: readonly string[], when: number): Promise<DeathAtCall> {
  const words = ['-f', '-p', String(pid), '-e', `trace=${calls.join()}`];
  const death = `inject=${calls.join()}:signal=KILL:when=${when}`;
  const [program, ...before] = onPath('setpriv') ? ['setpriv', '--pdeathsig', 'KILL', 'strace'] : ['strace'];
  const strace = spawn(program as string, [...before, ...words, '-e', death], { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(strace, 'exit');
  gone.catch(() => {});
  let struck = false;
  let said = '';
  const attached = new Promise<void>((resolve, reject) => {
    createInterface({ input: strace.stderr }).on('line', (line) => {
      said += `${line}\n`;
      if (/\battached\b/.test(line)) resolve();
      if (/\(INJECTED\)|killed by SIGKILL/.test(line)) struck = true;
    });
    strace.once('error', reject);
    strace.once('exit', () => reject(new Error(`strace ended: ${said}`)));
  });
  await attached;
  return {
    get struck() {
      return struck;
    },
    [Symbol.asyncDispose]: async () => {
      strace.kill('SIGINT');
      // It may wait for ever for threads of a process that is dead.
      const late = setTimeout(() => strace.kill('SIGKILL'), 300);
      await gone;
      clearTimeout(late);
    },
  };
}
