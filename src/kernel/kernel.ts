import { readFile } from 'node:fs/promises';
import { AtlasError } from '../errors.ts';
import type { ArrowExports } from './arrow-exports.ts';
import type { CrcExports } from './crc-exports.ts';
import type { CsvExports } from './csv-exports.ts';
import type { JsonExports } from './json-exports.ts';
import type { Lz4Exports } from './lz4-exports.ts';
import type { ParquetExports } from './parquet-exports.ts';
import type { ProfileExports } from './profile-exports.ts';
import type { WireExports } from './wire-exports.ts';

/** Functions of the WebAssembly module; every argument and result is an i32, i64 (bigint) or f64. */
export type KernelExports = ArrowExports &
  CrcExports &
  CsvExports &
  JsonExports &
  Lz4Exports &
  ParquetExports &
  ProfileExports &
  WireExports & { heapBase(): number };

/** Bytes that any kernel loop may read or write past the end of a buffer (one 64-byte SIMD step). */
export const KERNEL_PADDING = 64;

const PAGE = 65_536;
let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles the kernel once per thread; the module may be posted to workers, which then need not compile it again. */
export function compileKernel(): Promise<WebAssembly.Module> {
  compiled ??= readFile(new URL('../../dist/kernel/kernel.wasm', import.meta.url)).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  return compiled;
}

/** One instance of the hot loops over one memory of fixed size, with a bump arena: nothing is freed, nothing grows. */
export class Kernel {
  readonly exports: KernelExports;
  /** What it is an instance of, for other threads. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The whole memory. Valid for the life of the instance, because the memory never grows. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  #next: number;

  private constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, exports: KernelExports) {
    this.module = module;
    this.memory = memory;
    this.exports = exports;
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.#next = exports.heapBase();
  }

  /** Opens an instance whose arena holds at least `arenaBytes` (at most 4 GiB in all). */
  static async open(arenaBytes: number, module?: WebAssembly.Module): Promise<Kernel> {
    const wasm = module ?? (await compileKernel());
    const pages = Math.ceil((arenaBytes + 8 * PAGE) / PAGE);
    if (pages > 65_536) {
      throw new AtlasError(
        'ATLAS_LIMIT_KERNEL_MEMORY',
        `the plan needs ${arenaBytes} bytes of kernel memory, 4294967296 is all there is`,
      );
    }
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const abort = (): never => {
      throw new AtlasError('ATLAS_INTERNAL', 'the kernel stopped at one of its own assertions');
    };
    const instance = await WebAssembly.instantiate(wasm, { env: { memory, abort } });
    return new Kernel(wasm, memory, instance.exports as unknown as KernelExports);
  }

  /** Reserves `size` bytes plus padding at a 64-byte boundary and returns the address; never freed. */
  allocate(size: number): number {
    const address = (this.#next + 63) & ~63;
    const next = address + size + KERNEL_PADDING;
    if (next > this.bytes.byteLength) {
      throw new AtlasError(
        'ATLAS_INTERNAL',
        `the kernel arena holds ${this.bytes.byteLength} bytes, ${next} were asked for`,
      );
    }
    this.#next = next;
    return address >>> 0;
  }
}
