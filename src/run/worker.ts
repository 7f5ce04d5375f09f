import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Json, Task } from '../flow/task.ts';
import { openStores } from '../registry.ts';
import { Credits } from './credits.ts';
import { LANE_CREDITS, type LaneEvent, takesCredit } from './lane-event.ts';
import type { FromWorker, LaneOrder, ToWorker } from './lane-message.ts';
import { packError } from './packed-error.ts';
import { readTask } from './read-task.ts';
import { openWorkbench } from './workbench.ts';

// The entry of a worker thread: opens its own source and encoder, reads the tasks it is sent, one at a time.

if (parentPort) serve(parentPort, workerData as LaneOrder);

function serve(port: NonNullable<typeof parentPort>, order: LaneOrder): void {
  const { plan, connections, module, loadedAt, rejectLimit, replay } = order;
  const stores = openStores(connections);
  const credits = new Credits(LANE_CREDITS);
  const { signal } = new AbortController();
  const options = { rejectLimit, rows: { left: Number.POSITIVE_INFINITY }, signal };
  const opened = openWorkbench(plan, { loadedAt, stores, ...(module && { module }), ...(replay && { replay }) });
  let state: Json = null;
  let shared: MessagePort | null = null;
  opened.catch(() => {});
  port.on('message', (message: ToWorker) => {
    if (message.type === 'credit') credits.give();
    else if (message.type === 'surveyed') {
      state = message.state;
      ({ port: shared } = message);
    } else void read(message.task).then(() => post({ type: 'idle' }));
  });

  async function read(task: Task): Promise<void> {
    try {
      const bench = await opened;
      if (shared !== null) bench.source.join?.(shared);
      shared = null;
      for await (const event of readTask(bench, task, { ...options, state })) {
        if (takesCredit(event)) await credits.take(signal);
        post({ type: 'event', event }, buffersOf(event));
      }
    } catch (error) {
      post({ type: 'failed', error: packError(error) });
    }
  }

  function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
    port.postMessage(message, transfer);
  }
}

/** Bytes of fragments and rejects change hands instead of being copied. */
function buffersOf(event: LaneEvent): ArrayBuffer[] {
  if (event.type === 'fragment') return [event.fragment.bytes.buffer];
  return event.type === 'rejects' ? event.blocks.map(({ text }) => text.buffer) : [];
}
