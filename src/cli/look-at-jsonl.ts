import type { JsonlSourcePlan } from '../flow/dataset-plan.ts';
import type { InputProfile } from '../flow/profile.ts';
import type { Abortable } from '../flow/source.ts';
import { jsonlSourceSchema } from '../metadata/jsonl-source-schema.ts';
import { planJsonlSource } from '../plan/plan-jsonl-source.ts';
import { Templates } from '../plan/templates.ts';
import { profileInputs, type Stores } from '../registry.ts';

/** One file of JSON lines, read to its end. */
export interface LookedAtJsonl {
  /** Absolute, or `hdfs://…`. */
  readonly path: string;
  readonly profile: InputProfile;
}

/** Reads a file of JSON lines to its end and answers what each key of its objects holds. Fails with ATLAS_INPUT_*, ATLAS_JSON_*. */
export async function lookAtJsonl(
  path: string,
  root: string,
  compression: JsonlSourcePlan['compression'],
  { signal, stores }: Abortable & { readonly stores: Stores },
): Promise<LookedAtJsonl> {
  const keys = { type: 'jsonl', path, compression, features: [{ name: 'any', type: 'string' }] };
  const places = { root, connections: {} };
  const plan = { ...planJsonlSource(jsonlSourceSchema.parse(keys), places, new Templates({}, '', [])), path };
  const [profile] = await profileInputs(plan, { signal, stores });
  return { path, profile: profile ?? { file: path, rows: 0, damaged: 0, damage: [], columns: [] } };
}
