import { AtlasError } from '../../errors.ts';
import type { FeaturePlan } from '../../flow/dataset-plan.ts';
import type { Task } from '../../flow/task.ts';
import type { ByteFeed } from '../feed/byte-feed.ts';
import { FileFeed } from '../feed/file-feed.ts';
import type { Window } from '../feed/window.ts';
import type { InputAccess } from '../input.ts';
import { openInput } from '../open-input.ts';
import { RejectCollector } from '../reject/reject-collector.ts';
import { RejectWriter } from '../reject/reject-writer.ts';
import { decodeSlice, type FileSlice } from './file-slice.ts';
import { guessFirstRecord } from './first-record.ts';
import type { LineFile } from './line-file.ts';
import type { LineParser } from './line-parser.ts';
import { countLines } from './lines-before-slices.ts';
import { PartReader } from './part-reader.ts';
import type { OpenPart } from './task-reader.ts';

/** How the bytes of inputs are got at. */
export interface FeedContext extends InputAccess {
  /** What the parser sees of a feed that stands at the start of a file which is not read as it is stored. */
  readonly openFeed: (raw: ByteFeed, file: StoredFile) => Promise<ByteFeed>;
  /** The feed of standard input, which stands before the first record. */
  readonly takePipe: () => ByteFeed;
}

export type StoredFile = Pick<LineFile, 'path' | 'identity' | 'compression' | 'plain' | 'start'>;

export interface PartsContext extends FeedContext {
  readonly task: Task;
  /** Those of the survey. */
  readonly files: readonly LineFile[];
  readonly features: readonly FeaturePlan[];
  readonly sliceBytes: number;
  readonly window: Window;
  /** Sets the parser up for the file of this number; null where the file holds no record. */
  readonly parserOf: (index: number) => LineParser | null;
  /** Rejects are handed over packed. */
  readonly packRejects?: boolean;
}

/** Bytes that are looked at after the end of a slice, where records are not long. */
const BEYOND = (1 << 20) + (1 << 16);
const NOTHING_BEFORE = { header: 0, skipped: 0, blank: 0, comment: 0, lines: 0 } as const;

/** A file of a task, and how much of it. */
interface Share {
  readonly file: LineFile;
  readonly index: number;
  readonly slice: FileSlice;
}

/** Opens the files of a task one after the other; each is closed by whoever takes it. */
export async function* openParts(context: PartsContext): AsyncGenerator<OpenPart, void> {
  const slice = decodeSlice(context.task.slice);
  for (let index = slice.first; index <= slice.last; index += 1) {
    const file = context.files[index];
    if (!file) throw new AtlasError('ATLAS_INTERNAL', `the survey knows no file ${index}`);
    const share = { file, index, slice };
    if (slice.from === 0) yield await openFromStart(share, context);
    else yield await openWithin(share, context);
  }
}

/** The first or only share of a file: what stands before the first record belongs to it. */
async function openFromStart(share: Share, context: PartsContext): Promise<OpenPart> {
  const { file, slice } = share;
  const feed = await feedFromStart(file, context, slice.to);
  const { header, skipped, blank, comment, lines } = file;
  const { plain } = file;
  const part = { feed, plain, begin: 0, before: { header, skipped, blank, comment, lines } };
  return closeOnFailure(feed, async () => {
    const reader = await readFrom(share, feed, file.start, lines, lines, context);
    return { ...part, reader };
  });
}

/** The bytes of a file from its first record on; `until`: where records that are wanted begin at most, null = anywhere. */
export async function feedFromStart(
  file: StoredFile,
  { openFeed, takePipe, stores, signal }: FeedContext,
  until: number | null = null,
): Promise<ByteFeed> {
  if (file.identity === null) return takePipe();
  const input = await openInput(file.path, file.identity, { stores, signal });
  input.readsTo(until === null ? input.bytes : until + BEYOND);
  if (file.plain) return new FileFeed(input, file.start);
  const feed = await openFeed(new FileFeed(input, 0), file);
  return closeOnFailure(feed, async () => {
    await skip(feed, file);
    return feed;
  });
}

/** A share that begins somewhere inside a plain file: where, is known or guessed. */
async function openWithin(share: Share, context: PartsContext): Promise<OpenPart> {
  const { task, sliceBytes } = context;
  const { file, slice } = share;
  const input = await openInput(file.path, file.identity, context);
  try {
    const to = slice.to ?? input.bytes;
    input.readsTo(to + BEYOND);
    const begin = task.begin ?? (await guessFirstRecord(input, slice.from, to, file.newline));
    const feed = new FileFeed(input, begin);
    const part = { feed, plain: true, begin, before: NOTHING_BEFORE };
    if (begin >= to) return { ...part, reader: null };
    const known = file.linesBefore?.[Math.floor(slice.from / sliceBytes)];
    const lines = known === undefined ? 0 : known + (await countLines(input, slice.from, begin, file.newline));
    return { ...part, reader: await readFrom(share, feed, begin, 0, lines, context) };
  } catch (error) {
    await input[Symbol.asyncDispose]();
    throw error;
  }
}

async function readFrom(
  { file, index, slice }: Share,
  feed: ByteFeed,
  begin: number,
  linesBefore: number,
  absoluteLines: number,
  { features, sliceBytes, parserOf, window, packRejects }: PartsContext,
): Promise<PartReader | null> {
  const parser = parserOf(index);
  if (!parser) return null;
  await window.open(feed, begin);
  const collector = new RejectCollector(
    file.name,
    features.map(({ from }) => from),
    feed.origin,
    packRejects ? new RejectWriter(parser.rejectArea, file.name) : null,
  );
  const part = { begin, to: slice.to, sliceBytes, linesBefore, absoluteLines };
  return new PartReader(parser, window, collector, part);
}

/** Passes what stands before the first record of a file that can only be read from its start. */
async function skip(feed: ByteFeed, file: StoredFile): Promise<void> {
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
