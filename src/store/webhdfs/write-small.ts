import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { type Call, LostAnswer } from './call/call.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { Upload } from './upload.ts';

/**
 * Writes a file that is ours alone, anew. Whatever was lost on the way, making it once more is making it once: HDFS replaces what stands
 * there in one step, so that it is tried `attempts` times. Fails with ATLAS_HDFS_*.
 */
export async function writeSmall(nodes: NameNodes, path: string, text: string, options: StoreOptions): Promise<void> {
  const parameters = { overwrite: 'true', createparent: 'false', permission: '644' };
  const call: Call = { method: 'PUT', op: 'CREATE', path, parameters, repeatable: true };
  const bytes = new TextEncoder().encode(text);
  for (let attempt = 1; ; attempt += 1) {
    const upload = await Upload.begin(call, nodes, options);
    try {
      if (bytes.length > 0) await upload.write(bytes);
      return await upload.finish();
    } catch (error) {
      options.signal.throwIfAborted();
      const again =
        error instanceof LostAnswer || (error instanceof AtlasError && error.code === 'ATLAS_HDFS_UNAVAILABLE');
      if (!again || attempt >= nodes.plan.attempts) throw error;
      await nodes.pause(attempt, options.signal);
    } finally {
      upload.abort();
    }
  }
}
