import { doubtful, type Found, failed, untold, well } from '../../examine/finding.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { askServer } from './ask-server.ts';
import { byteText } from './byte-text.ts';
import { readBean } from './read-bean.ts';

/** Below this share of all of it, space is short. */
const SHORT = 0.05;

/** What the DataNodes have left, copies not counted off. */
export async function examineSpace(nodes: NameNodes, signal: AbortSignal): Promise<Found<true>> {
  const space = (await byStatus(nodes, signal)) ?? (await byBean(nodes, signal));
  if (space === null) return untold('nobody tells the free space (GETSTATUS is known from Hadoop 3.4 on)');
  const { remaining, capacity } = space;
  const said = `${byteText(remaining)} of ${byteText(capacity)} are free on the DataNodes`;
  if (remaining <= 0) {
    return failed('ATLAS_STORE_SPACE', said, 'Remove data, or add disks or DataNodes.');
  }
  if (remaining >= capacity * SHORT) return well(said, true);
  return doubtful(said, 'Each block is written in several copies: three by default.', true);
}

interface Space {
  readonly remaining: number;
  readonly capacity: number;
}

async function byStatus(nodes: NameNodes, signal: AbortSignal): Promise<Space | null> {
  try {
    return await askServer<Space>(
      nodes,
      { op: 'GETSTATUS', path: `hdfs://${nodes.plan.name}`, key: 'FsStatus' },
      signal,
    );
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function byBean({ plan }: NameNodes, signal: AbortSignal): Promise<Space | null> {
  const bean = await readBean(plan, 'FSNamesystemState', signal);
  const [remaining, capacity] = [bean?.['CapacityRemaining'], bean?.['CapacityTotal']];
  return typeof remaining === 'number' && typeof capacity === 'number' ? { remaining, capacity } : null;
}
