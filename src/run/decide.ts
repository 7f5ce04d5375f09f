import type { Identity } from '../flow/sink.ts';
import { sameIdentity } from './same-identity.ts';

/** What to do about an intention: it happened; it did not; somebody else wrote the target. */
export type Decision = 'settle' | 'commit' | 'conflict';

/**
 * The law's one decision, from looks alone: the target before (`pre`), the staged thing (`post`), the target now.
 * A target that is both (it cannot be) counts as published, because committing again is the step that could do harm.
 */
export function decide(pre: Identity, post: Identity, now: Identity): Decision {
  if (post.kind !== 'absent' && sameIdentity(post, now)) return 'settle';
  if (sameIdentity(pre, now)) return 'commit';
  return 'conflict';
}
