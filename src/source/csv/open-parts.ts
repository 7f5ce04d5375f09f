import { AtlasError } from '../../errors.ts';
import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import type { Task } from '../../flow/task.ts';
import type { InputAccess } from '../input.ts';
import { openInput } from '../open-input.ts';
import type { ByteFeed } from './feed/byte-feed.ts';
import { FileFeed } from './feed/file-feed.ts';
import { openFeed } from './feed/open-feed.ts';
import type { Window } from './feed/window.ts';
import type { CsvParser } from './parser/parser.ts';
import { planParser } from './parser/parser-plan.ts';
import { PartReader } from './part-reader.ts';
import { RejectCollector } from './reject/reject-collector.ts';
import { RejectWriter } from './reject/reject-writer.ts';
import { guessFirstRecord } from './survey/first-record.ts';
import { countLines } from './survey/lines-before-slices.ts';
import type { CsvSlice, CsvState, SurveyedFile } from './survey/survey-state.ts';
import type { OpenPart } from './task-reader.ts';

export interface PartsContext extends InputAccess {
  readonly task: Task;
  readonly slice: CsvSlice;
  readonly state: CsvState;
  readonly plan: CsvSourcePlan;
  readonly parser: CsvParser;
  readonly window: Window;
  readonly loadedAt: bigint;
  /** The feed of standard input, which stands after the header. */
  readonly takePipe: () => ByteFeed;
  /** Rejects are handed over packed. */
  readonly packRejects?: boolean;
}

/** Bytes that are looked at after the end of a slice, where records are not long. */
const BEYOND = (1 << 20) + (1 << 16);
const NOTHING_BEFORE = { header: 0, skipped: 0, blank: 0, comment: 0, lines: 0 } as const;

/** Opens the files of a task one after the other; each is closed by whoever takes it. */
export async function* openParts(context: PartsContext): AsyncGenerator<OpenPart, void> {
  const { slice, state } = context;
  for (let index = slice.first; index <= slice.last; index += 1) {
    const file = state.files[index];
    if (!file) throw new AtlasError('ATLAS_INTERNAL', `the survey knows no file ${index}`);
    if (slice.from === 0) yield await openFromStart(file, context);
    else yield await openWithin(file, context);
  }
}

/** The first or only share of a file: what stands before the first record belongs to it. */
async function openFromStart(file: SurveyedFile, context: PartsContext): Promise<OpenPart> {
  const feed = await feedFromStart(file, context, context.slice.to);
  const { header, skipped, blank, comment, lines } = file;
  const { plain } = file;
  const part = { feed, plain, begin: 0, before: { header, skipped, blank, comment, lines } };
  return closeOnFailure(feed, async () => {
    const reader = await readFrom(file, feed, file.start, lines, lines, context);
    return { ...part, reader };
  });
}

/** The bytes of a file from its first record on; `until`: where records that are wanted begin at most, null = anywhere. */
export async function feedFromStart(
  file: Omit<SurveyedFile, 'layout'>,
  { plan, takePipe, stores, signal }: Pick<PartsContext, 'plan' | 'takePipe' | 'stores' | 'signal'>,
  until: number | null = null,
): Promise<ByteFeed> {
  if (file.identity === null) return takePipe();
  const input = await openInput(file.path, file.identity, { stores, signal });
  input.readsTo(until === null ? input.bytes : until + BEYOND);
  if (file.plain) return new FileFeed(input, file.start);
  const feed = await openFeed(new FileFeed(input, 0), file.compression, file.path, plan, signal);
  return closeOnFailure(feed, async () => {
    await skip(feed, file);
    return feed;
  });
}

/** A share that begins somewhere inside a plain file: where, is known or guessed. */
async function openWithin(file: SurveyedFile, context: PartsContext): Promise<OpenPart> {
  const { task, slice, plan } = context;
  const input = await openInput(file.path, file.identity, context);
  try {
    const to = slice.to ?? input.bytes;
    input.readsTo(to + BEYOND);
    const begin = task.begin ?? (await guessFirstRecord(input, slice.from, to, file.newline));
    const feed = new FileFeed(input, begin);
    const part = { feed, plain: true, begin, before: NOTHING_BEFORE };
    if (begin >= to) return { ...part, reader: null };
    const known = file.linesBefore?.[Math.floor(slice.from / plan.sliceBytes)];
    const lines = known === undefined ? 0 : known + (await countLines(input, slice.from, begin, file.newline));
    return { ...part, reader: await readFrom(file, feed, begin, 0, lines, context) };
  } catch (error) {
    await input[Symbol.asyncDispose]();
    throw error;
  }
}

async function readFrom(
  file: SurveyedFile,
  feed: ByteFeed,
  begin: number,
  linesBefore: number,
  absoluteLines: number,
  { plan, slice, state, parser, window, loadedAt, packRejects }: PartsContext,
): Promise<PartReader | null> {
  const layout = file.layout === null ? undefined : state.layouts[file.layout];
  if (!layout) return null;
  parser.configure(planParser(plan, file, layout, loadedAt));
  await window.open(feed, begin);
  const collector = new RejectCollector(
    file.name,
    plan.features.map(({ from }) => from),
    feed.origin,
    packRejects ? new RejectWriter(parser.rejectArea, file.name) : null,
  );
  const part = { begin, to: slice.to, sliceBytes: plan.sliceBytes, linesBefore, absoluteLines };
  return new PartReader(parser, window, collector, part);
}

/** Passes what stands before the first record of a file that can only be read from its start. */
async function skip(feed: ByteFeed, file: Omit<SurveyedFile, 'layout'>): Promise<void> {
  const chunk = new Uint8Array(Math.min(file.start, 1 << 16));
  for (let left = file.start; left > 0; ) {
    const count = await feed.fill(chunk.subarray(0, Math.min(left, chunk.length)));
    if (count === 0) {
      throw new AtlasError(
        'ATLAS_INPUT_CHANGED',
        `${file.path} had ${file.start} bytes before its first record, and ends ${left} bytes earlier now`,
        { place: { file: file.path } },
      );
    }
    left -= count;
    feed.origin?.forget(file.start - left);
  }
}

async function closeOnFailure<T>(feed: ByteFeed, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    await feed[Symbol.asyncDispose]();
    throw error;
  }
}
