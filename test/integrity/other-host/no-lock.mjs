let confirmed = 0;

/** Given to everybody. `STOP_AT`, `KILL_AT`: what happens to this process when its run asks for the n-th time whether it is still the owner. */
export async function acquireLock() {
  return {
    confirm: async () => {
      confirmed += 1;
      const { STOP_AT, KILL_AT } = process.env;
      if (KILL_AT === String(confirmed)) process.kill(process.pid, 'SIGKILL');
      if (STOP_AT !== String(confirmed)) return;
      process.stderr.write('asleep\n');
      process.kill(process.pid, 'SIGSTOP');
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
