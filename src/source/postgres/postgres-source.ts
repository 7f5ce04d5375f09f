import { AtlasError } from '../../errors.ts';
import type { PostgresConnection } from '../../flow/connections.ts';
import type { PostgresSourcePlan } from '../../flow/dataset-plan.ts';
import type { Source } from '../../flow/source.ts';

export interface PostgresSourceOptions {
  /** Bytes of kernel memory that the encoder of the same lane will take. */
  readonly reserve: number;
  /** The compiled kernel, where the caller has it. */
  readonly module?: WebAssembly.Module;
  /** Microseconds since 1970, for `@loaded_at`. */
  readonly loadedAt: bigint;
  readonly connection: PostgresConnection;
  /** Poisons batches when they are released. */
  readonly debug?: boolean;
}

/** Opens a PostgreSQL source: its own kernel, sized by the plan; connects when it is surveyed or read. Fails with ATLAS_LIMIT_KERNEL_MEMORY. */
export async function openPostgresSource(plan: PostgresSourcePlan, _options: PostgresSourceOptions): Promise<Source> {
  throw new AtlasError('ATLAS_INTERNAL', `not built yet: ${plan.path}`);
}
