import { setImmediate as immediate } from 'node:timers/promises';
import type { Fragment } from '../flow/fragment.ts';
import type { Abortable, BatchReader } from '../flow/source.ts';
import type { TaskTally } from '../flow/tally.ts';
import type { Json, Task } from '../flow/task.ts';
import type { GroupCutter } from './group-cutter.ts';
import type { LaneEvent } from './lane-event.ts';
import { RejectPacker } from './reject-packer.ts';
import type { Workbench } from './workbench.ts';

export interface ReadTaskOptions extends Abortable {
  /** The survey's. */
  readonly state: Json;
  /** Rejects after which a task stops (Infinity = never). */
  readonly rejectLimit: number;
  /** Rows that may still be taken, over all tasks (Infinity = all); counted down here. */
  readonly rows: { left: number };
}

/** Reads one task into fragments and rejects, in order: the same task gives the same events in any thread. */
export async function* readTask(
  bench: Workbench,
  task: Task,
  options: ReadTaskOptions,
): AsyncGenerator<LaneEvent, void, void> {
  const { signal, rejectLimit, state } = options;
  const cutter = bench.cutter;
  cutter.reset();
  await using reader = await bench.source.read(task, state, { rejectLimit, packRejects: true, signal });
  if (reader.pass !== undefined) {
    yield* passTask(reader, reader.pass({ signal }), task);
    return;
  }
  const packer = new RejectPacker();
  let bytes = 0;
  const { rows: allowance } = options;
  let rowsRead = 0;
  let rowsRejected = 0;
  let began = false;
  for (;;) {
    signal.throwIfAborted();
    const delivery = await reader.next({ signal });
    if (!began) {
      began = true;
      yield { type: 'began', begin: reader.begin };
    }
    if (delivery === null) break;
    // batches come faster than the event loop turns: signals and heartbeats must get through
    await immediate();
    const { batch } = delivery;
    const rows = Math.min(batch.rows, allowance.left);
    allowance.left -= rows;
    const found = delivery.packed.reduce((sum, { count }) => sum + count, delivery.rejects.length);
    rowsRead += rows + found;
    rowsRejected += found;
    try {
      for (const fragment of cutter.add(batch, rows)) yield { type: 'fragment', fragment };
    } finally {
      batch.release();
    }
    for (const reject of delivery.rejects) packer.add(reject);
    packer.append(delivery.packed);
    if (packer.full) yield { type: 'rejects', blocks: packer.take(), full: true };
    const position = reader.bytesRead ?? 0;
    yield { type: 'progress', rows, bytes: position - bytes };
    bytes = position;
    if (allowance.left > 0) continue;
    yield* rest(cutter, packer);
    yield { type: 'done', tally: partial(reader.begin, rowsRead, rowsRejected) };
    return;
  }
  yield* rest(cutter, packer);
  yield { type: 'progress', rows: 0, bytes: Math.max(0, (task.bytes ?? bytes) - bytes) };
  yield { type: 'done', tally: reader.tally() };
}

/** Bytes that the sink takes as they are. */
async function* passTask(
  reader: BatchReader,
  pieces: AsyncIterable<Fragment>,
  task: Task,
): AsyncGenerator<LaneEvent, void, void> {
  yield { type: 'began', begin: reader.begin };
  let bytes = 0;
  for await (const fragment of pieces) {
    yield { type: 'fragment', fragment };
    const position = reader.bytesRead ?? 0;
    yield { type: 'progress', rows: fragment.rows, bytes: position - bytes };
    bytes = position;
  }
  yield { type: 'progress', rows: 0, bytes: Math.max(0, (task.bytes ?? bytes) - bytes) };
  yield { type: 'done', tally: reader.tally() };
}

function* rest(cutter: GroupCutter, packer: RejectPacker): Generator<LaneEvent, void, void> {
  for (const fragment of cutter.finish()) yield { type: 'fragment', fragment };
  const blocks = packer.take();
  if (blocks.length > 0) yield { type: 'rejects', blocks, full: false };
}

/** The tally of a task that was left because enough rows were taken: what follows was never looked at. */
function partial(begin: number, rowsRead: number, rowsRejected: number): TaskTally {
  const spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };
  return { begin, end: begin, lines: 0, rowsRead, rowsRejected, spans, stopped: true };
}
