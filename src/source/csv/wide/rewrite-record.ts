import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import { WIDE_STAND_IN } from '../../../metadata/wide-delimiter.ts';
import type { WideRecord } from './wide-record.ts';

const SPECIAL = new RegExp(`["\\r\\n${WIDE_STAND_IN}]`);

/**
 * A record as the kernel is to read it, without its line end: unit separators between fields, double quotes, doubled inside. What was
 * quoted is, so that an empty text is no null; what was not is not, unless it could be misread.
 */
export function rewriteRecord({ fields, quoted }: WideRecord, { comment }: Pick<CsvSourcePlan, 'comment'>): string {
  const written = fields.map((field, index) => {
    const isComment = comment !== null && index === 0 && field.startsWith('#');
    return quoted[index] || isComment || SPECIAL.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  });
  return written.join(WIDE_STAND_IN);
}
