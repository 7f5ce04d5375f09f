import type { Reject } from '../../../src/flow/reject.ts';
import type { RejectBlock } from '../../../src/flow/reject-block.ts';

/** Packed rejects, read back; what their groups say must be what their text says. */
export function rejectsOf({ count, text, lines, group, groups }: RejectBlock): readonly Reject[] {
  const written = Buffer.from(text).toString();
  const parts = written.split('\n').slice(0, -1);
  if (parts.length !== count || lines.length !== count || group.length !== count || !written.endsWith('\n')) {
    throw new Error(`${parts.length} lines are not ${count} rejects`);
  }
  return parts.map((part, i) => {
    const { raw_base64: rawBase64 = null, truncated = false, ...reject } = JSON.parse(part.replace('\0', '0'));
    const { file, column, code, reason } = reject;
    const said = JSON.stringify({ file, column, code, reason });
    if (JSON.stringify(groups[group[i] ?? -1]) !== said) throw new Error(`its group does not say ${said}`);
    return { ...reject, line: lines[i], rawBase64, truncated };
  });
}
