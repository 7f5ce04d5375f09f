import { AtlasError } from '../errors.ts';
import type { KnownContent, Ledger } from '../flow/ledger.ts';
import type { SkippedInput } from '../flow/receipt.ts';
import type { Held } from '../flow/sink.ts';
import type { Abortable, InputIdentity } from '../flow/source.ts';
import type { RememberingSink, SharedContent } from '../flow/target-memory.ts';
import type { Stores } from '../registry.ts';
import { tellNames } from './tell-names.ts';

/** What is remembered of some inputs. */
export interface Recall {
  /** Those that are not read, because their content is at the target. */
  readonly skipped: readonly SkippedInput[];
  /** For people. */
  readonly notes: readonly string[];
}

export interface MemoryOptions {
  readonly run: string;
  readonly ledger: Ledger;
  /** Whose target it is. */
  readonly sink: Pick<RememberingSink, 'target' | 'holds' | 'memory'>;
  readonly stores: Stores;
  /** Nothing is recalled; what is read is remembered all the same. */
  readonly force: boolean;
}

/**
 * What was added to a target before, by content, as this host's ledger and the target's own server remember it: an input counts as the same
 * whatever it is called. Inputs are read for their checksums
 * before they are loaded only where one of the same length is known; the others while they are loaded.
 */
export class ContentMemory implements AsyncDisposable {
  readonly #options: MemoryOptions;
  readonly #checksums = new Map<string, string>();
  readonly #held = new Map<string, Promise<Held>>();
  readonly #stop = new AbortController();
  #hashing: Promise<void> = Promise.resolve();

  constructor(options: MemoryOptions) {
    this.#options = options;
  }

  /**
   * Finds inputs whose content the target holds, and among the others those that are the same as one before them. Standard input is
   * never recalled. Fails with ATLAS_TARGET_PARTLY where a part of what was added is gone.
   */
  async recall(inputs: readonly InputIdentity[], { signal }: Abortable): Promise<Recall> {
    const { run, ledger, sink, force } = this.#options;
    if (force) return { skipped: [], notes: [] };
    const lengths = new Map<number | null, number>();
    for (const { bytes } of inputs) lengths.set(bytes, (lengths.get(bytes) ?? 0) + 1);
    const own = await ledger.contentsAt(sink.target);
    const shared = await sink.memory?.contents(
      inputs.flatMap(({ bytes }) => bytes ?? []),
      { signal },
    );
    const known: readonly (KnownContent | SharedContent)[] = [...own, ...(shared ?? [])];
    for (const { bytes } of known) lengths.set(bytes, 2);
    const skipped: SkippedInput[] = [];
    const gone: string[] = [];
    const before = new Set<string>();
    for (const { path, bytes } of inputs) {
      if (bytes === null || lengths.get(bytes) === 1) continue;
      const sha256 = await this.#checksum(path, signal);
      const of = known.filter((each) => each.sha256 === sha256);
      const holder = await this.#holder(path, of, signal);
      if (holder !== null) skipped.push({ path, bytes, sha256, run: holder.run });
      else if (before.has(sha256)) skipped.push({ path, bytes, sha256, run });
      else if (of.length > 0) gone.push(path);
      if (holder === null) before.add(sha256);
    }
    return { skipped, notes: this.#tell(inputs.length, skipped, gone) };
  }

  /** Begins to read inputs for the checksums that are not known yet, one after the other. */
  begin(inputs: readonly InputIdentity[], { signal }: Abortable): void {
    const either = AbortSignal.any([signal, this.#stop.signal]);
    const work = async () => {
      for (const { path, bytes } of inputs) if (bytes !== null) await this.#checksum(path, either);
    };
    this.#hashing = work();
    this.#hashing.catch(() => {});
  }

  /** SHA-256 of the inputs by path, once they are known; none of a pipe. */
  async checksums(): Promise<ReadonlyMap<string, string>> {
    await this.#hashing;
    return this.#checksums;
  }

  /** Ends what reading goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#hashing.catch(() => {});
  }

  async #checksum(path: string, signal: AbortSignal): Promise<string> {
    const known = this.#checksums.get(path);
    if (known !== undefined) return known;
    const store = await this.#options.stores.of(path);
    const sha256 = await store.checksum(path, { signal });
    this.#checksums.set(path, sha256);
    return sha256;
  }

  /** The newest run that added this content and whose files are all there; null where all of them are gone. */
  async #holder(
    path: string,
    known: readonly (KnownContent | SharedContent)[],
    signal: AbortSignal,
  ): Promise<KnownContent | null> {
    let partly: KnownContent | null = null;
    for (const each of known.toReversed()) {
      const held = await this.#isHeld(each, signal);
      if (held === 'all') return each;
      if (held === 'some') partly ??= each;
    }
    if (partly === null) return null;
    const { target } = this.#options.sink;
    const message = `run ${partly.run} added the content of ${path} to ${target}, and only a part of it is still there: reading it again would double their rows, leaving it out would miss the others`;
    throw new AtlasError('ATLAS_TARGET_PARTLY', message, { place: { file: target } });
  }

  #isHeld(content: KnownContent | SharedContent, signal: AbortSignal): Promise<Held> {
    const key = JSON.stringify([content.run, content.ocs, content.dataset]);
    const known = this.#held.get(key) ?? this.#look(content, signal);
    this.#held.set(key, known);
    return known;
  }

  async #look(content: KnownContent | SharedContent, signal: AbortSignal): Promise<Held> {
    const { ledger, sink } = this.#options;
    if ('published' in content) return await sink.holds(content.published, { signal });
    const { run, ocs, dataset } = content;
    const receipts = await ledger.receipts(run);
    const receipt = receipts.find((each) => each.ocs === ocs && each.dataset === dataset);
    return receipt === undefined ? 'none' : await sink.holds(receipt, { signal });
  }

  #tell(all: number, skipped: readonly SkippedInput[], gone: readonly string[]): readonly string[] {
    const notes: string[] = [];
    if (skipped.length > 0) {
      const which = tellNames(skipped.map(({ path, run }) => `${path} (run ${run})`));
      notes.push(`${skipped.length} of ${all} inputs are not read: their content is in the target already: ${which}`);
    }
    if (gone.length > 0) {
      notes.push(`the target holds no longer what was added from ${tellNames(gone)}: read again`);
    }
    return notes;
  }
}
