import { relative } from 'node:path';
import { AtlasError } from '../../../errors.ts';
import type { JsonlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { FileFeed } from '../../feed/file-feed.ts';
import { Head } from '../../feed/head.ts';
import { type InputCompression, MAGIC_BYTES } from '../../feed/sniff-compression.ts';
import type { InputAccess } from '../../input.ts';
import type { LineFile } from '../../lines/line-file.ts';
import { linesBeforeSlices } from '../../lines/lines-before-slices.ts';
import { openInput } from '../../open-input.ts';
import { decideCompression, openFeed } from '../open-feed.ts';

/** One file, looked at. */
export interface FileFindings {
  readonly file: LineFile;
  /** No object, as far as can be known without reading on. */
  readonly empty: boolean;
  /** The same for all names of one file. */
  readonly inode: string;
}

type About = Pick<LineFile, 'path' | 'name' | 'bytes' | 'identity' | 'compression' | 'plain'>;

/** Looks at the start of a regular file. Fails with whatever is wrong with it. */
export async function surveyFile(path: string, plan: JsonlSourcePlan, access: InputAccess): Promise<FileFindings> {
  const { signal } = access;
  await using input = await openInput(path, null, access);
  const magic = new Uint8Array(MAGIC_BYTES);
  const compression = decideCompression(plan, magic.subarray(0, await input.read(magic, 0)));
  await using feed = await openFeed(new FileFeed(input, 0), compression, path, plan, signal);
  const { bytes, identity, inode } = input;
  const about = { path, name: nameOf(path, plan.root), bytes, identity, compression, plain: compression === 'none' };
  const { file, empty } = await surveyHead(new Head(feed), about);
  const linesBefore = file.plain ? await linesBeforeSlices(input, file.newline, plan, signal) : null;
  return { file: { ...file, linesBefore }, empty, inode };
}

/** Looks at standard input through a feed that stands at its start; the head holds the bytes that go on. */
export async function surveyPipe(
  feed: ByteFeed,
  compression: InputCompression,
  { path }: JsonlSourcePlan,
): Promise<{ readonly findings: FileFindings; readonly head: Head }> {
  const head = new Head(feed);
  const about = { path, name: path, bytes: null, identity: null, compression, plain: false };
  return { findings: { ...(await surveyHead(head, about)), inode: path }, head };
}

/** What rejects and `@file` call a file: relative to the root where it is inside. */
function nameOf(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? relative(root, path) : path;
}

const BOM = [0xef, 0xbb, 0xbf] as const;
const BLANKS = [0x20, 0x09, 0x0d, 0x0a];
/** Blank bytes at the start after which a file counts as one with objects. */
const MOST_BLANK = 1 << 20;

async function surveyHead(head: Head, about: About): Promise<Omit<FileFindings, 'inode'>> {
  await head.more();
  const [first = 0, second = 0, third = 0] = head.bytes;
  if (isUtf16(first, second, third)) {
    throw new AtlasError('ATLAS_JSON_ENCODING', `${about.path} begins as UTF-16 does; JSON lines are UTF-8`, {
      place: { file: about.path, line: 1 },
    });
  }
  const marked = BOM.every((byte, index) => head.bytes[index] === byte);
  const start = marked ? BOM.length : 0;
  head.pass(start);
  const file: LineFile = {
    ...about,
    newline: 'lf',
    ...{ start, header: 0, skipped: start, blank: 0, comment: 0, lines: 0 },
    linesBefore: null,
  };
  return { file, empty: await isBlank(head) };
}

function isUtf16(first: number, second: number, third: number): boolean {
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // an object's first two characters, each with a byte of zero
  return marked || (first === 0x7b && second === 0 && third !== 0) || (first === 0 && second === 0x7b && third === 0);
}

async function isBlank(head: Head): Promise<boolean> {
  for (;;) {
    if (head.bytes.some((byte) => !BLANKS.includes(byte))) return false;
    if (head.ended) return true;
    if (head.bytes.length > MOST_BLANK) return false;
    await head.more();
  }
}
