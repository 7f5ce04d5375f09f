import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/** Where a command finds things; all absolute. */
export interface Folders {
  /** The metadata documents. */
  readonly metadata: string;
  /** The folder that holds `metadata/`: relative paths of documents start here. */
  readonly root: string;
  readonly state: string;
  /** What `openLedger` takes: a file, or a URL, which may hold a password. */
  readonly ledger: string;
}

/**
 * Finds the folders: what the options say (relative to the cwd), else the nearest `metadata/` upwards from the cwd, with its
 * state in `.atlas/` beside it. Fails with ATLAS_META_NOT_FOUND where there is no metadata folder.
 */
export function findFolders(options: GlobalOptions, io: Pick<Io, 'cwd'>): Folders {
  const metadata = options.metadata === null ? findUpwards(io.cwd) : resolve(io.cwd, options.metadata);
  if (!existsSync(metadata) || !statSync(metadata).isDirectory()) {
    throw new AtlasError('ATLAS_META_NOT_FOUND', `${metadata} is not a folder`, {
      place: { file: metadata },
      hint: 'Name the folder of the metadata documents with --metadata or ATLAS_METADATA.',
    });
  }
  const root = dirname(metadata);
  const state = options.state === null ? join(root, '.atlas') : resolve(io.cwd, options.state);
  return { metadata, root, state, ledger: ledgerOf(options, state, io.cwd) };
}

/**
 * The folders of a command that can do without metadata: where there is none, the working directory stands for the project, with its state
 * in `.atlas/`. Fails with ATLAS_META_NOT_FOUND where a folder is named that is none.
 */
export function findFoldersOrHere(options: GlobalOptions, io: Pick<Io, 'cwd'>): Folders {
  if (options.metadata !== null || upwards(io.cwd) !== null) return findFolders(options, io);
  const state = options.state === null ? join(io.cwd, '.atlas') : resolve(io.cwd, options.state);
  return { metadata: join(io.cwd, 'metadata'), root: io.cwd, state, ledger: ledgerOf(options, state, io.cwd) };
}

/** Where the ledger is, for commands that need no metadata: there may be none where the state is named, or is here. May hold a password. */
export function whereLedger(options: GlobalOptions, io: Pick<Io, 'cwd'>): string {
  if (options.ledger !== null || options.state !== null) {
    return ledgerOf(options, resolve(io.cwd, options.state ?? '.'), io.cwd);
  }
  const isHere = existsSync(join(io.cwd, '.atlas', 'ledger.db'));
  return (isHere ? findFoldersOrHere(options, io) : findFolders(options, io)).ledger;
}

function ledgerOf({ ledger }: GlobalOptions, state: string, cwd: string): string {
  if (ledger === null) return join(state, 'ledger.db');
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(ledger) ? ledger : resolve(cwd, ledger);
}

function upwards(cwd: string): string | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, 'metadata');
    if (existsSync(candidate) && statSync(candidate).isDirectory()) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

function findUpwards(cwd: string): string {
  const found = upwards(cwd);
  if (found !== null) return found;
  throw new AtlasError('ATLAS_META_NOT_FOUND', `there is no metadata folder in ${cwd} or above it`, {
    hint: 'Change to the project, or name the folder with --metadata or ATLAS_METADATA.',
  });
}
