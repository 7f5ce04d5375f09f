/** What a look at a path found; a symbolic link is seen itself, never followed. Numbers that may exceed 2^53 are text. */
export type Found =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file' | 'folder' | 'link' | 'other';
      readonly device: string;
      readonly inode: string;
      readonly length: number;
      /** Nanoseconds since 1970, by the store's clock. */
      readonly modified: string;
      /** Permission bits (0o7777). */
      readonly mode: number;
    };

/** One name in a folder. */
export interface Listed {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

export interface StoreOptions {
  readonly signal: AbortSignal;
}

/** What a store itself says of a file's content: two of the same algorithm and value are of the same bytes. */
export interface StoreChecksum {
  /** As the store names it (`MD5-of-0MD5-of-512CRC32C`). */
  readonly algorithm: string;
  readonly value: string;
}

/** How a store's answer about a file was held against what was written to it. */
export interface Proof {
  /** What was found to be equal (`length and COMPOSITE-CRC32C`), and why no more was where that is only the length. */
  readonly compared: string;
  /** The store's own checksum of the content, or null where it answered none. */
  readonly checksum: StoreChecksum | null;
  /** Whether the content was compared, and not the length alone. */
  readonly content: boolean;
}

/**
 * A file being written, append only. After any failed step it is dead: every later step fails with the first error, so
 * that nothing calls a failed write or sync a success.
 */
export interface StoreFile extends AsyncDisposable {
  readonly path: string;
  /** Bytes written so far. */
  readonly length: number;
  /** Writes all of it, however many calls that takes. One at a time. */
  write(bytes: Uint8Array, options: StoreOptions): Promise<void>;
  /** Makes content and length durable. Fails with ATLAS_STORE_SYNC. */
  sync(options: StoreOptions): Promise<void>;
  setMode(mode: number, options: StoreOptions): Promise<void>;
  /** What was written, by the open descriptor. */
  look(options: StoreOptions): Promise<Found>;
  /**
   * Makes what there is durable and gives back what an open file costs (a descriptor, a connection); the next step takes it again, and
   * fails with ATLAS_STORE_WRITE where the file is not as it was left.
   */
  suspend(options: StoreOptions): Promise<void>;
  /**
   * Holds what the store says it holds against what was written, without reading it where it can; call after `sync`. null where there is
   * no server between the writer and the disk. Fails with ATLAS_STORE_CORRUPT, naming both checksums.
   */
  prove(options: StoreOptions): Promise<Proof | null>;
  /** Closes it; what was not synced may be lost. */
  close(): Promise<void>;
}

/** An exclusive hold on a name in a folder. Disposing gives it back, if it is still ours; it never fails. */
export interface StoreLock extends AsyncDisposable {
  /** Shows that we live, then looks. Fails with ATLAS_LOCK_LOST where somebody took it over. */
  confirm(options: StoreOptions): Promise<void>;
}

/** A file opened for reading at any place. */
export interface StoreReader extends AsyncDisposable {
  readonly length: number;
  /** What was opened, as `look` would have found it then. */
  readonly found: Exclude<Found, { kind: 'absent' }>;
  /** Bytes `from` to `to` (exclusive), all of them. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * The same bytes in order, in chunks of any size, no faster than they are taken: all of them, and none of another file, or it fails.
   * A chunk is the taker's.
   */
  stream(from: number, to: number): AsyncIterable<Uint8Array>;
}

/**
 * Where bytes rest. Paths are absolute: `/x` on a local disk, `hdfs://lake/x` where a connection is named. I/O errors come as ATLAS_STORE_SPACE (no room), ATLAS_STORE_SYNC (durability not
 * confirmed) or ATLAS_STORE_WRITE (all others), with path, errno and cause.
 */
export interface Store {
  readonly kind: string;
  /** Most files that one writer should hold open at a time. */
  readonly maxOpenFiles: number;
  look(path: string, options: StoreOptions): Promise<Found>;
  /** The place a path stands for: every symbolic link followed, also where the last name does not exist yet. */
  resolve(path: string, options: StoreOptions): Promise<string>;
  /** Creates a file that must not exist, with these permission bits less the umask. */
  create(path: string, mode: number, options: StoreOptions): Promise<StoreFile>;
  open(path: string, options: StoreOptions): Promise<StoreReader>;
  /** Whether somebody is writing a file, as far as the store knows: its length is not its last one then. */
  hasWriter(path: string, options: StoreOptions): Promise<boolean>;
  /** SHA-256 (hex) of a file's content, all of which is read. */
  checksum(path: string, options: StoreOptions): Promise<string>;
  /** What the store says of a file's content without giving it back, or null where it says nothing. */
  askChecksum(path: string, options: StoreOptions): Promise<StoreChecksum | null>;
  list(folder: string, options: StoreOptions): Promise<readonly Listed[]>;
  /** Creates one folder that must not exist. */
  makeFolder(path: string, options: StoreOptions): Promise<void>;
  /** Creates what is missing of a path, durably; answers what it created, outermost first. */
  makeFolders(path: string, options: StoreOptions): Promise<readonly string[]>;
  /** Replaces what is at `to` in one step; durable only after `syncFolder`. */
  rename(from: string, to: string, options: StoreOptions): Promise<void>;
  syncFolder(path: string, options: StoreOptions): Promise<void>;
  setMode(path: string, mode: number, options: StoreOptions): Promise<void>;
  /** Removes a file, or a folder with all it holds; nothing there is fine. */
  remove(path: string, options: StoreOptions): Promise<void>;
  /** Removes a folder if it is empty; answers whether it did. */
  removeEmpty(path: string, options: StoreOptions): Promise<boolean>;
  /** Holds `name` in `folder` for a run. Fails with ATLAS_TARGET_LOCKED, naming run, host and pid of the holder. */
  lock(folder: string, name: string, run: string, options: StoreOptions): Promise<StoreLock>;
}
