import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/**
 * Preloaded into every measured process: at its end it writes what it used. The peak is the high-water mark of this
 * program's own memory where Linux tells it: `ru_maxrss` would begin at the size of the process that forked it.
 */
const file = process.env['BENCH_USAGE'];
if (isMainThread && file) {
  // What it starts reports for nobody.
  delete process.env['BENCH_USAGE'];
  process.once('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    let peak = maxRSS * 1024;
    try {
      peak = Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024 || peak;
    } catch {
      // Not Linux.
    }
    writeFileSync(file, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: peak }));
  });
}
