import { closeSync, existsSync, mkdirSync, openSync, readSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variant } from './variant.ts';
import { writeTable } from './write-table.ts';

const SEED = 20_240_229;
/** Changes whenever the generator writes something else. */
const GENERATION = 1;

/** The folder that keeps generated tables between benchmarks; safe to delete. */
export function cacheFolder(): string {
  const folder = join(tmpdir(), 'atlas-ingest-bench');
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Fails unless the disk under `folder` has `bytes` to spare. */
export function requireSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const gigabytes = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
  if (free < bytes) throw new Error(`${folder} has ${gigabytes(free)} free, ${gigabytes(bytes)} are needed`);
  console.error(`${folder}: ${gigabytes(free)} free, up to ${gigabytes(bytes)} needed`);
}

/** The CSV file of a variant, generated unless it is there already, and its bytes. */
export function table(variant: Variant, rows: number): { readonly path: string; readonly bytes: number } {
  const path = join(cacheFolder(), `${variant.name}-${rows}-v${GENERATION}-${SEED}.csv`);
  if (!existsSync(path)) {
    requireSpace(cacheFolder(), rows * variant.copies * 150 * 2 + 1e9);
    const start = performance.now();
    writeTable(path, variant, rows, SEED);
    console.error(`generated ${path} (seed ${SEED}) in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  const { size } = statSync(path);
  console.error(`${variant.name}: ${rows} rows, ${size} bytes`);
  return { path, bytes: size };
}

/** Reads a file once, so that no subject pays for the disk. */
export function warm(path: string): void {
  const file = openSync(path, 'r');
  const chunk = Buffer.alloc(4 << 20);
  while (readSync(file, chunk) > 0);
  closeSync(file);
}
