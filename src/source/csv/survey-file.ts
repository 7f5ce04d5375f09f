import { relative } from 'node:path';
import { AtlasError, CODES } from '../../errors.ts';
import type { CsvSourcePlan } from '../../flow/dataset-plan.ts';
import type { ByteFeed } from './byte-feed.ts';
import { FileFeed } from './file-feed.ts';
import { Head } from './head.ts';
import { InputFile } from './input-file.ts';
import { type Layout, layOutByName, layOutByPosition } from './layout.ts';
import { linesBeforeSlices } from './lines-before-slices.ts';
import { decideCompression, openFeed } from './open-feed.ts';
import { type Prologue, readPrologue } from './prologue.ts';
import { type InputCompression, MAGIC_BYTES } from './sniff-compression.ts';
import type { SurveyedFile } from './survey-state.ts';

/** One file, looked at. */
export interface FileFindings {
  readonly file: Omit<SurveyedFile, 'layout'>;
  /** Null where the file ends before its header. */
  readonly layout: Layout | null;
  readonly names: readonly string[];
  /** No record, as far as can be known without reading on. */
  readonly empty: boolean;
  /** The same for all names of one file. */
  readonly inode: string;
}

/** Looks at the start of a regular file. Fails with whatever is wrong with it. */
export async function surveyFile(path: string, plan: CsvSourcePlan, signal: AbortSignal): Promise<FileFindings> {
  using file = InputFile.open(path);
  const magic = new Uint8Array(MAGIC_BYTES);
  const compression = decideCompression(plan, magic.subarray(0, file.read(magic, 0)));
  await using feed = await openFeed(new FileFeed(file, 0), compression, path, plan, signal);
  const head = new Head(feed);
  const findings = await surveyHead(head, plan, {
    path,
    name: nameOf(path, plan.root),
    bytes: file.bytes,
    identity: file.identity,
    compression,
  });
  const linesBefore =
    compression === 'none' ? await linesBeforeSlices(file, findings.file.newline, plan, signal) : null;
  return { ...findings, file: { ...findings.file, linesBefore }, inode: file.inode };
}

/** Looks at standard input through a feed that stands at its start; `rest` gives the bytes after the header. */
export async function surveyPipe(
  feed: ByteFeed,
  compression: InputCompression,
  plan: CsvSourcePlan,
): Promise<{ readonly findings: FileFindings; readonly head: Head }> {
  const head = new Head(feed);
  const about = { path: plan.path, name: plan.path, bytes: null, identity: null, compression };
  const findings = await surveyHead(head, plan, about);
  return { findings: { ...findings, inode: plan.path }, head };
}

/** What rejects and `@file` call a file: relative to the root where it is inside. */
function nameOf(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? relative(root, path) : path;
}

type About = Pick<SurveyedFile, 'path' | 'name' | 'bytes' | 'identity' | 'compression'>;

async function surveyHead(head: Head, plan: CsvSourcePlan, about: About): Promise<Omit<FileFindings, 'inode'>> {
  const prologue = await readPrologue(head, plan, about.path);
  const layout = layOut(prologue, plan, about.path);
  const { newline, start, header, skipped, blank, comment, lines } = prologue;
  return {
    file: { ...about, headerRecord: null, newline, start, header, skipped, blank, comment, lines, linesBefore: null },
    layout,
    names: prologue.names ?? [],
    // A file of one column has no blank lines: each is a record whose only field is empty.
    empty: prologue.rest === 'nothing' || (prologue.rest === 'blank' && layout?.width !== 1),
  };
}

function layOut(prologue: Prologue, plan: CsvSourcePlan, path: string): Layout | null {
  if (!plan.header) return layOutByPosition(plan);
  if (prologue.names === null) return null;
  const { layout, problems } = layOutByName(prologue.names, plan);
  const [first] = problems;
  if (!first) return layout;
  const place = { file: path, line: Math.max(1, prologue.lines) };
  throw new AtlasError(first.code, `${path}: ${problems.map(({ reason }) => reason).join('; ')}`, {
    place,
    problems: problems.map(({ code, reason }) => ({
      code,
      message: `${path}: ${reason}`,
      place,
      hint: CODES[code].hint,
    })),
  });
}
