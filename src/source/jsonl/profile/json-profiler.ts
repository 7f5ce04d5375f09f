import type { JsonlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ColumnProfile } from '../../../flow/profile.ts';
import {
  CTX_FINAL,
  CTX_FROM,
  CTX_LIMIT,
  CTX_NEXT,
  CTX_NULL_COUNT,
  CTX_REJECT_COUNT,
  CTX_REJECTS,
  CTX_ROW_CAP,
  CTX_ROWS,
  CTX_SKIPPING,
  CTX_STOP,
  CTX_TO,
  CTX_WIDTH,
  REJECT_CODE,
  REJECT_COUNT,
  REJECT_FLAGS,
  REJECT_SIZE,
  STOP_END,
  STOP_FULL,
} from '../../../kernel/assembly/csv-layout.ts';
import { CTX_JSON_TEXT, KINDS_SIZE } from '../../../kernel/assembly/json-layout.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { spellKeyPath } from '../../../metadata/key-path.ts';
import { layOutBlock } from '../../profile/profile-block.ts';
import { listWords, WORD_TABLE_BYTES, writeWords } from '../../profile/profile-words.ts';
import { type JsonLimits, type JsonMemory, jsonMemoryBytes, placeJsonMemory } from '../parser/json-memory.ts';
import { reasonOfDamage } from '../parser/json-reason.ts';
import { growKeyTree, type KeyTree } from '../parser/key-tree.ts';
import { LearnedKeys } from '../parser/learned-keys.ts';
import { writeKeyTree } from '../parser/write-key-tree.ts';
import { readKinds } from './read-kinds.ts';

/** Keys of one input at most. */
export const MOST_KEYS = 16_384;

const CONTINUES_LAST = 2;
const KEY = { words: listWords([]), nullValues: [] };

/** What a profiler is made for: with no names it finds out which keys there are. */
export interface JsonProfilePlan {
  readonly plan: Pick<JsonlSourcePlan, 'maxRowBytes' | 'maxDepth'>;
  /** Keys of the lines' own objects that are looked at. */
  readonly names: readonly string[];
}

/** Bytes of a window → counters of every key in kernel memory. One for each pass over a file. */
export class JsonProfiler {
  readonly #kernel: Kernel;
  readonly #limits: JsonLimits;
  readonly #tree: KeyTree;
  readonly #memory: JsonMemory;
  readonly #names: readonly string[];
  readonly #words: number;
  readonly #blocks: number;
  readonly #kinds: number;
  readonly #learned: LearnedKeys;
  rows = 0;
  damaged = 0;
  /** Damaged lines by code. */
  readonly damage = new Map<ReturnType<typeof reasonOfDamage>['code'], number>();

  /** Arena bytes that a profiler takes. */
  static kernelBytes(plan: JsonProfilePlan): number {
    const { limits, tree } = treeOf(plan);
    const counters = (layOutBlock(KEY).stride + KINDS_SIZE) * Math.max(1, plan.names.length);
    return jsonMemoryBytes(limits, tree) + WORD_TABLE_BYTES + counters + 512;
  }

  /** Takes its memory from the kernel's arena, for good, and begins. */
  constructor(kernel: Kernel, plan: JsonProfilePlan) {
    const { limits, tree } = treeOf(plan);
    const { stride } = layOutBlock(KEY);
    const width = Math.max(1, plan.names.length);
    this.#kernel = kernel;
    this.#limits = limits;
    this.#tree = tree;
    this.#names = plan.names;
    this.#memory = placeJsonMemory(kernel, limits, tree);
    this.#words = kernel.allocate(WORD_TABLE_BYTES);
    this.#blocks = kernel.allocate(stride * width);
    this.#kinds = kernel.allocate(KINDS_SIZE * width);
    this.#learned = new LearnedKeys(kernel, this.#memory);
    writeWords(kernel, this.#words, KEY.words);
    kernel.bytes.fill(0, this.#blocks, this.#blocks + stride * width);
    kernel.bytes.fill(0, this.#kinds, this.#kinds + KINDS_SIZE * width);
    for (let i = 0; i < width; i++) kernel.exports.profileOpen(this.#blocks + i * stride);
    writeKeyTree(kernel, this.#memory, tree);
    this.#learned.begin();
    this.#set(CTX_WIDTH, plan.names.length);
    this.#set(CTX_ROW_CAP, this.#memory.rowCap);
    this.#set(CTX_NULL_COUNT, 0);
    this.#set(CTX_SKIPPING, 0);
  }

  /** The window's bytes. */
  get window(): Uint8Array {
    const { window, windowBytes } = this.#memory;
    return this.#kernel.bytes.subarray(window, window + windowBytes);
  }

  /** Keys beside those that are looked at. */
  get learned(): LearnedKeys {
    return this.#learned;
  }

  /** Counts the lines of window offsets `from` to `to`; answers the bytes it used, and why it stopped. */
  count(
    from: number,
    to: number,
    final: boolean,
  ): { readonly consumed: number; readonly stop: 'full' | 'starved' | 'end' } {
    const { exports } = this.#kernel;
    const { context, window, windowBytes, text } = this.#memory;
    this.#set(CTX_FROM, window + from);
    this.#set(CTX_TO, window + to);
    this.#set(CTX_LIMIT, window + windowBytes + 1);
    this.#set(CTX_FINAL, final ? 1 : 0);
    this.#set(CTX_JSON_TEXT, text);
    exports.jsonScan(context);
    exports.jsonProfile(context, this.#blocks, layOutBlock(KEY).stride, this.#kinds, this.#words);
    this.rows += this.#get(CTX_ROWS);
    this.#countDamage();
    const stop = this.#get(CTX_STOP);
    return {
      consumed: this.#get(CTX_NEXT) - window - from,
      stop: stop === STOP_FULL ? 'full' : stop === STOP_END ? 'end' : 'starved',
    };
  }

  /** What was counted, of keys that stand in some line. */
  columns(): readonly ColumnProfile[] {
    const { stride } = layOutBlock(KEY);
    return this.#names.map((name, position) => {
      const slot = this.#tree.slotOf[position] ?? 0;
      const at = { block: this.#blocks + slot * stride, kinds: this.#kinds + slot * KINDS_SIZE };
      return readKinds(this.#kernel.view, at, KEY, { name, position });
    });
  }

  #countDamage(): void {
    const { view } = this.#kernel;
    const rejects = this.#get(CTX_REJECTS);
    for (let i = 0; i < this.#get(CTX_REJECT_COUNT); i++) {
      const entry = rejects + i * REJECT_SIZE;
      if ((view.getUint32(entry + REJECT_FLAGS, true) & CONTINUES_LAST) !== 0) continue;
      const number = view.getUint32(entry + REJECT_COUNT, true);
      const { code } = reasonOfDamage(view.getUint32(entry + REJECT_CODE, true), number, this.#limits, this.#tree);
      this.damaged += 1;
      this.damage.set(code, (this.damage.get(code) ?? 0) + 1);
    }
  }

  #get(slot: number): number {
    return this.#kernel.view.getUint32(this.#memory.context + slot, true);
  }
  #set(slot: number, value: number): void {
    this.#kernel.view.setUint32(this.#memory.context + slot, value, true);
  }
}

function treeOf({ plan, names }: JsonProfilePlan) {
  const features = names.map(
    (name) => ({ from: spellKeyPath([name]), type: { kind: 'string' }, constant: null }) as const,
  );
  return { limits: { ...plan, features, mostLearned: MOST_KEYS }, tree: growKeyTree(features) };
}
