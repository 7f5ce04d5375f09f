import { AtlasError } from '../../errors.ts';
import type { MysqlConnection } from '../../flow/connections.ts';
import type { MysqlSourcePlan } from '../../flow/dataset-plan.ts';
import type { Source } from '../../flow/source.ts';

export interface MysqlSourceOptions {
  /** Bytes of kernel memory that the encoder of the same lane will take. */
  readonly reserve: number;
  /** The compiled kernel, where the caller has it. */
  readonly module?: WebAssembly.Module;
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  readonly connection: MysqlConnection;
  /** Poisons batches when they are released. */
  readonly debug?: boolean;
}

/** Opens a MySQL source: its own kernel, sized by the plan; connects when it is surveyed or read. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openMysqlSource(plan: MysqlSourcePlan, _options: MysqlSourceOptions): Promise<Source> {
  throw new AtlasError('ATLAS_INTERNAL', `not built yet: ${plan.path}`);
}
