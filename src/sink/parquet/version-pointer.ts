import { AtlasError } from '../../errors.ts';
import { joinPath } from '../../store/path.ts';
import type { Store, StoreOptions } from '../../store/store.ts';
import { MANIFEST, POINTER } from './manifest.ts';

/** Where the versions of a folder stand in it; readers of Hive layouts skip names that begin so. */
export const VERSIONS = '_versions';

/** What the pointer of a versioned folder says. Versions are named after the runs that made them. */
export interface VersionPointer {
  /** The current one, relative to the folder: what a reader reads. */
  readonly path: string;
  /** Those that are kept, the newest first. */
  readonly versions: readonly string[];
  /** Those that are kept no longer, and may be there still. */
  readonly retired: readonly string[];
}

const RUN = /^[A-Za-z0-9_-]{1,80}$/;
/** A pointer that is longer is none of ours. */
const LONGEST = 1 << 20;

/** Where a version stands in its folder. */
export function versionPath(run: string): string {
  return `${VERSIONS}/${run}`;
}

/** The bytes of a pointer to a version of so many rows and bytes. */
export function pointerBytes(
  pointer: VersionPointer,
  about: { readonly plan: string; readonly rows: number; readonly bytes: number },
): Uint8Array {
  const { path, versions, retired } = pointer;
  const body = { pointer_version: 1, path, manifest: `${path}/${MANIFEST}`, ...about, versions, retired };
  return Buffer.from(`${JSON.stringify(body, null, 2)}\n`);
}

/** Reads the pointer of a folder; null where there is none. Fails with ATLAS_TARGET_KIND where it is none of ours. */
export async function readPointer(store: Store, target: string, options: StoreOptions): Promise<VersionPointer | null> {
  const path = joinPath(target, POINTER);
  const found = await store.look(path, options);
  if (found.kind === 'absent') return null;
  const pointer = found.kind === 'file' && found.length <= LONGEST ? parse(await text(store, path, options)) : null;
  if (pointer !== null) return pointer;
  const message = `${path} does not say which version of ${target} is the current one`;
  throw new AtlasError('ATLAS_TARGET_KIND', message, { place: { file: path } });
}

/** Runs whose versions the pointer needs: the current one, and those that are kept. */
export function versionsKept(pointer: VersionPointer | null): ReadonlySet<string> {
  if (pointer === null) return new Set();
  return new Set([currentOf(pointer), ...pointer.versions]);
}

/** The pointer to a new version that follows another one. */
export function nextPointer(before: VersionPointer | null, run: string, keep: number): VersionPointer {
  const known = before === null ? [] : [...new Set([currentOf(before), ...before.versions])];
  const versions = [run, ...known].slice(0, keep);
  const gone = [...known, ...(before?.retired ?? [])].filter((each) => !versions.includes(each));
  return { path: versionPath(run), versions, retired: [...new Set(gone)] };
}

function currentOf({ path }: VersionPointer): string {
  return path.slice(VERSIONS.length + 1);
}

async function text(store: Store, path: string, options: StoreOptions): Promise<string> {
  await using reader = await store.open(path, options);
  return Buffer.from(await reader.read(0, reader.length)).toString();
}

function parse(json: string): VersionPointer | null {
  try {
    const { pointer_version: version, path, versions, retired } = JSON.parse(json) as Record<string, unknown>;
    const isOurs =
      typeof path === 'string' && path.startsWith(`${VERSIONS}/`) && isRun(path.slice(VERSIONS.length + 1));
    if (version !== 1 || !isOurs || !areRuns(versions) || !areRuns(retired)) return null;
    return { path, versions, retired };
  } catch {
    return null;
  }
}

function areRuns(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isRun);
}

function isRun(value: unknown): value is string {
  return typeof value === 'string' && RUN.test(value);
}
