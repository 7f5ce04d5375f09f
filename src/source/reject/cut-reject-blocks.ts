import type { RejectBlock } from '../../flow/reject-block.ts';

const LF = 10;

/** The first `count` rejects of blocks. */
export function cutRejectBlocks(blocks: readonly RejectBlock[], count: number): readonly RejectBlock[] {
  const kept: RejectBlock[] = [];
  let left = count;
  for (const block of blocks) {
    if (left <= 0) break;
    kept.push(block.count <= left ? block : cut(block, left));
    left -= block.count;
  }
  return kept;
}

function cut(block: RejectBlock, count: number): RejectBlock {
  let end = 0;
  for (let i = 0; i < count; i++) end = block.text.indexOf(LF, end) + 1;
  return {
    ...block,
    count,
    text: block.text.slice(0, end),
    lines: block.lines.slice(0, count),
    group: block.group.slice(0, count),
  };
}
