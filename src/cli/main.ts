import { processIo } from './process-io.ts';
import { runProgram } from './program.ts';

/** Runs the command line of this process, by the name it was called as, and sets its exit code. */
export async function main(name = 'atlas-ingest'): Promise<void> {
  let isGone = false;
  // A reader that goes away (`| head`) is no error of ours; what is under way is stopped as by a signal, so that it cleans up.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (process.listenerCount('SIGTERM') === 0) process.exit(process.exitCode ?? 0);
      if (!isGone) process.emit('SIGTERM', 'SIGTERM');
      isGone = true;
    });
  }
  process.exitCode = await runProgram(process.argv.slice(2), processIo(), name);
}
