import { processIo } from './process-io.ts';
import { runProgram } from './program.ts';

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  // A reader that goes away (`| head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  process.exitCode = await runProgram(process.argv.slice(2), processIo());
}
