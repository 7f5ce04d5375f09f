import { Worker } from 'node:worker_threads';

const CODE = `
const { workerData } = require('node:worker_threads');
const { buffer, seconds, message } = workerData;
const noted = new Int32Array(buffer);
let last = -1;
setInterval(() => {
  const now = Atomics.load(noted, 0);
  if (now === last) { require('node:fs').writeSync(2, message + ' ' + Atomics.load(noted, 1) + '\\n'); process.kill(process.pid, 'SIGKILL'); }
  last = now;
}, seconds * 1000);`;

/** Ends the process where no input was noted for so many seconds: a loop in the kernel cannot be stopped from its own thread. */
export class Watch implements Disposable {
  readonly #noted = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  constructor(seconds: number, message: string) {
    const workerData = { buffer: this.#noted.buffer, seconds, message };
    this.#worker = new Worker(CODE, { eval: true, workerData });
    this.#worker.unref();
  }

  note(index: number): void {
    Atomics.store(this.#noted, 1, index);
    Atomics.add(this.#noted, 0, 1);
  }

  [Symbol.dispose](): void {
    void this.#worker.terminate();
  }
}
