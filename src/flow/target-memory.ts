import type { Intention, KnownContent } from './ledger.ts';
import type { Published, Sink } from './sink.ts';
import type { Abortable } from './source.ts';

/** An input's content that some host added to a target, and what tells whether it is there still. */
export interface SharedContent extends KnownContent {
  readonly published: Published;
}

/** What became of an intention, by whoever settled it. */
export type SharedEnd = 'settled' | 'abandoned';

/**
 * What a target's own server remembers of it, for all hosts: contents by checksum, and intentions from before their commit until they are
 * settled or given up. It stands beside the ledger, which is one host's, and never in its place: where it is lost, nothing is skipped that is
 * not there. Everything but `contents` needs the target's lock. All steps may be repeated.
 */
export interface TargetMemory {
  /** Settled contents of these lengths, oldest first. */
  contents(lengths: readonly number[], options: Abortable): Promise<readonly SharedContent[]>;
  /** Intentions that nobody settled or gave up, oldest first. */
  pending(options: Abortable): Promise<readonly Intention[]>;
  /** What became of these intentions, by id, where somebody knows. */
  ends(ids: readonly string[], options: Abortable): Promise<ReadonlyMap<string, SharedEnd>>;
  /** Remembers what is about to be published; durable when it answers. */
  intend(intention: Intention, options: Abortable): Promise<void>;
  end(intention: Intention, end: SharedEnd, options: Abortable): Promise<void>;
}

/** A sink whose target may remember what was added to it. */
export interface RememberingSink extends Sink {
  /** Left out where the target remembers nothing by itself. */
  readonly memory?: TargetMemory;
}
