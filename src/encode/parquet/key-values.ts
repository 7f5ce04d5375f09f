import { encodeArrowSchema } from './arrow-schema.ts';
import type { EncodePlan } from './encode-plan.ts';
import { WRITER_VERSION } from './writer-version.ts';

/** The file's own key-value metadata: what it is and by which plan, nothing of run, host or time. */
export function keyValues(plan: EncodePlan): readonly (readonly [string, string])[] {
  const sensitive = plan.schema.fields.filter((field) => field.sensitive).map((field) => field.name);
  const entries: (readonly [string, string])[] = [
    ['atlas.group', plan.ocs],
    ['atlas.dataset', plan.dataset],
    ['atlas.plan', plan.hash],
    ['atlas.writer', WRITER_VERSION],
  ];
  if (sensitive.length > 0) entries.push(['atlas.sensitive', JSON.stringify(sensitive)]);
  entries.push(['ARROW:schema', encodeArrowSchema(plan.schema)]);
  return entries;
}
