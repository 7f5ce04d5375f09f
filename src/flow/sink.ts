import type { ValueRange } from './dataset-plan.ts';
import type { Fragment } from './fragment.ts';
import type { Abortable } from './source.ts';

/** What tells one published thing from another, and survives publication. Numbers that may exceed 2^53 are text. */
export type Identity =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file';
      readonly device: string;
      readonly inode: string;
      readonly length: number;
      /** Nanoseconds since 1970 of the last change to the content: tells a reused inode from the file that had it. */
      readonly modified?: string;
    }
  | { readonly kind: 'folder'; readonly device: string; readonly inode: string; readonly modified?: string }
  | {
      readonly kind: 'table';
      /** The server's own id of the table: it goes with the table where that is renamed or exchanged. */
      readonly uuid: string;
      /** Changes with every insert, and not with merges; left out where only the table counts, whatever is in it. */
      readonly mark?: string;
    };

/** What rests at a place, held against what was staged: the same (content included), something else, or nothing. */
export type Likeness = 'same' | 'other' | 'absent';

/** How the store's own answer about a file was held against what was written to it, before it was published. */
export interface Proof {
  /** What was found to be equal (`length and COMPOSITE-CRC32C`), and why no more was where that is only the length. */
  readonly compared: string;
  /** The store's own checksum of the content, or null where it answered none. */
  readonly checksum: { readonly algorithm: string; readonly value: string } | null;
}

export interface StagedFile {
  /** Relative to the target folder; the file's own name where the target is one file. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Left out on a local disk, where the system's own calls are the proof. */
  readonly proof?: Proof;
}

/** A file that says what others are: the last of a set to appear. */
export type Closing = Pick<StagedFile, 'path' | 'bytes' | 'sha256' | 'proof'>;

/** What stands in partitions until what replaces it is there; paths are relative to the target folder. */
export interface Replaced {
  /** Everything that a reader of the folder sees is replaced, whatever `partitions` says. */
  readonly everything?: true;
  readonly partitions: readonly string[];
  /** Every file that a reader sees there; each is removed only if it is still what it was. */
  readonly files: readonly OldFile[];
}

export interface OldFile {
  readonly path: string;
  readonly identity: Identity;
}

/** One version of a versioned folder; paths are relative to the target folder. */
export interface StagedVersion {
  readonly path: string;
  /** Of the version's folder. */
  readonly identity: Identity;
  /** There was no target folder before. */
  readonly fresh: boolean;
  /** The file that says which version is the current one. */
  readonly pointer: Closing;
}

/** What was staged in tables of the run's own, and the step that publishes it. Names are bare: all are in the target's database. */
export interface StagedTable {
  /**
   * `rename`: the staged table becomes the target, where there is none. `exchange`: it and the target change places. `replace`: one partition
   * of the target is replaced by the staged one. `move`: partition by partition is moved into the target. `insert`: part by part is inserted
   * into the target, so that its views see the rows (`on_views: direct`).
   */
  readonly step: 'rename' | 'exchange' | 'replace' | 'move' | 'insert';
  /** Each with what tells later whether it was moved; with the step `insert` there is one for each part, of one hash. */
  readonly partitions: readonly StagedPartition[];
  /** How the table's engine may make fewer rows of those that were staged, as a sentence; null where it keeps all. */
  readonly willCollapse: string | null;
}

export interface StagedPartition {
  readonly id: string;
  readonly rows: number;
  /** Of the statement that moves or inserts it. */
  readonly queryId: string;
  /** `hash_of_all_files` of the staged parts, sorted. */
  readonly hashes: readonly string[];
  /** Highest block number of the partition in the target before, as text; null where it had none. */
  readonly above: string | null;
}

/** How much of what a run published is still at the target. */
export type Held = 'all' | 'some' | 'none';

/** A draft made durable: all that a later process needs to publish or erase it. Survives JSON. */
export interface Staged {
  readonly target: string;
  /** Where it rests, hidden, until it is published. */
  readonly draft: string;
  /** The identity that the published thing will have. */
  readonly post: Identity;
  readonly files: readonly StagedFile[];
  /** In `files`. */
  readonly rows: number;
  readonly bytes: number;
  readonly rowGroups: number;
  /** Of these rows, those that the target held before: a file that goes on. */
  readonly rowsBefore?: number;
  /** What the draft was made from: it is published over nothing else. */
  readonly onto?: Identity;
  /**
   * The files are added to a folder that is there, each by a step of its own under a name that nobody else uses, and this one after
   * them all. Publishing it is rolled forward, not decided by identities: `post` is the folder itself, before and after.
   */
  readonly addition?: Closing;
  /** Of an addition that replaces partitions: removed once all that is new is there. */
  readonly replaces?: Replaced;
  /** Set where the target is a pointer to versions: `post` is the pointer, the files stand in the folder of this version. */
  readonly version?: StagedVersion;
  /** Set where the target is a table. With the step `move` publishing it is rolled forward, as an addition is. */
  readonly table?: StagedTable;
}

/** Unpublished output of one run. Disposed before `stage` it erases itself; afterwards disposing does nothing. */
export interface Draft extends AsyncDisposable {
  /** Appends a fragment; call one at a time, in task order. */
  write(fragment: Fragment, options: Abortable): Promise<void>;
  /** Writes the footers, makes all of it durable, counts it again. */
  stage(options: Abortable): Promise<Staged>;
}

/** What a receipt says that a run published. */
export interface Published {
  readonly run: string;
  readonly files: readonly StagedFile[];
  readonly identity: Identity | null;
  /** Of a table. */
  readonly table?: StagedTable;
}

/** An exclusive hold on a target, kept alive by a heartbeat. */
export interface TargetLock extends AsyncDisposable {
  /** Fails with ATLAS_LOCK_LOST where the lock is no longer this run's. Call before every step of the law. */
  confirm(options: Abortable): Promise<void>;
}

/** Where batches go: one target. Every step may be repeated; none guesses. */
export interface Sink extends AsyncDisposable {
  readonly target: string;
  /** Fails with ATLAS_TARGET_LOCKED (naming run, host and pid) where a living run holds the target. */
  lock(runId: string, options: Abortable): Promise<TargetLock>;
  /** The identity of what is published now. */
  look(options: Abortable): Promise<Identity>;
  /** Refuses a target that the mode cannot publish to (a folder in the way, not empty, exists), before anything is read. */
  check(options: Abortable): Promise<void>;
  /** Removes drafts of dead runs, except those in `keep`, and versions that are kept no longer; answers what it removed. Needs the lock. */
  clean(keep: readonly string[], options: Abortable): Promise<readonly string[]>;
  /** Whether pieces of Parquet files (`PassedFacts`) become here what their rows would, decoded. Left out: no. Needs the lock. */
  takesFiles?(options: Abortable): Promise<boolean>;
  draft(runId: string, options: Abortable): Promise<Draft>;
  /**
   * Holds what rests at the draft's or at the target's place against what was staged, checksums included; of an addition also
   * whether each of its files rests at one of the two (`either`).
   */
  compare(staged: Staged, place: 'draft' | 'target' | 'either', options: Abortable): Promise<Likeness>;
  /** The one step that makes the draft visible. Not safe to repeat without looking first; an addition goes on where it stopped. */
  commit(staged: Staged, options: Abortable): Promise<void>;
  /** Makes a commit that was seen to have happened durable; safe to repeat. */
  secure(staged: Staged, options: Abortable): Promise<void>;
  /** Erases a staged draft that will never be published, and what of an addition was published; safe to repeat. */
  erase(staged: Staged, options: Abortable): Promise<void>;
  /** How much of what a run published, by its receipt, is at the target still. */
  holds(published: Published, options: Abortable): Promise<Held>;
  /** Whether a reader of the target sees nothing at all: no file, or a folder in which none stands. */
  isEmpty(options: Abortable): Promise<boolean>;
  /** Refuses rows to be added to files of other columns, types or partitions: ATLAS_TARGET_SCHEMA, both sides shown. */
  checkColumns(options: Abortable): Promise<void>;
  /** What the target's columns hold of features, where that is less than their types say, by name; left out where all is in the plan already. */
  ranges?(options: Abortable): Promise<ReadonlyMap<string, ValueRange>>;
  /**
   * Rows of what is published, from its own footers or its server; null where that says nothing (others add rows to the same table, its engine
   * makes fewer of them): what was staged was counted then.
   */
  recount(staged: Staged, options: Abortable): Promise<number | null>;
}
