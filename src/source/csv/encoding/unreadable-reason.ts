import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Reject } from '../../../flow/reject.ts';
import { KEPT_BYTES } from '../../reject/reject-text.ts';
import type { ReplayLine } from '../replay/replay-line.ts';

/** Why the row of a line cannot even be tried, or null. */
export function unreadableReason(
  line: ReplayLine,
  { encoding }: CsvSourcePlan,
): Pick<Reject, 'code' | 'reason'> | null {
  if (line.truncated) {
    const reason = `the row has ${line.length} bytes, the reject file holds the first ${KEPT_BYTES} of them`;
    return { code: 'ATLAS_REPLAY_RAW', reason };
  }
  if (line.text === null && line.base64 === null) {
    return { code: 'ATLAS_REPLAY_RAW', reason: 'the reject file does not hold the row' };
  }
  // it stands there as base64 because its bytes are not valid; what mends it is text
  if (line.text === null && encoding !== 'utf-8') {
    return {
      code: 'ATLAS_CSV_ENCODING',
      reason: `bytes that are not valid in ${encoding}: write the row as text into raw`,
    };
  }
  return null;
}
