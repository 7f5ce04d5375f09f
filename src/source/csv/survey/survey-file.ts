import { relative } from 'node:path';
import { AtlasError, CODES } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { FileFeed } from '../../feed/file-feed.ts';
import { Head } from '../../feed/head.ts';
import { type InputCompression, MAGIC_BYTES } from '../../feed/sniff-compression.ts';
import type { InputAccess } from '../../input.ts';
import { linesBeforeSlices } from '../../lines/lines-before-slices.ts';
import { openInput } from '../../open-input.ts';
import { decideCompression, openFeed, readsAsStored } from '../open-feed.ts';
import { type Layout, type LayoutProblem, layOutByName, layOutByPosition, missingColumns } from './layout.ts';
import { type Prologue, readPrologue } from './prologue.ts';
import type { SurveyedFile } from './survey-state.ts';

/** One file, looked at. */
export interface FileFindings {
  readonly file: Omit<SurveyedFile, 'layout'>;
  /** Null where the file ends before its header. */
  readonly layout: Layout | null;
  readonly names: readonly string[];
  /** Columns that a feature wants and the header has not; what that means is decided over all files. */
  readonly missing: readonly string[];
  /** No record, as far as can be known without reading on. */
  readonly empty: boolean;
  /** The same for all names of one file. */
  readonly inode: string;
}

/** Looks at the start of a regular file. Fails with whatever is wrong with it. */
export async function surveyFile(path: string, plan: CsvSourcePlan, access: InputAccess): Promise<FileFindings> {
  const { signal } = access;
  await using file = await openInput(path, null, access);
  const magic = new Uint8Array(MAGIC_BYTES);
  const compression = decideCompression(plan, magic.subarray(0, await file.read(magic, 0)));
  await using feed = await openFeed(new FileFeed(file, 0), compression, path, plan, signal);
  const head = new Head(feed);
  const findings = await surveyHead(head, plan, {
    path,
    name: nameOf(path, plan.root),
    bytes: file.bytes,
    identity: file.identity,
    compression,
    plain: readsAsStored(plan, compression),
  });
  const linesBefore = findings.file.plain ? await linesBeforeSlices(file, findings.file.newline, plan, signal) : null;
  return { ...findings, file: { ...findings.file, linesBefore }, inode: file.inode };
}

/** Looks at standard input through a feed that stands at its start; `rest` gives the bytes after the header. */
export async function surveyPipe(
  feed: ByteFeed,
  compression: InputCompression,
  plan: CsvSourcePlan,
): Promise<{ readonly findings: FileFindings; readonly head: Head }> {
  const head = new Head(feed);
  const about = { path: plan.path, name: plan.path, bytes: null, identity: null, compression, plain: false };
  const findings = await surveyHead(head, plan, about);
  return { findings: { ...findings, inode: plan.path }, head };
}

/** What rejects and `@file` call a file: relative to the root where it is inside. */
function nameOf(path: string, root: string): string {
  return path.startsWith(`${root}/`) ? relative(root, path) : path;
}

type About = Pick<SurveyedFile, 'path' | 'name' | 'bytes' | 'identity' | 'compression' | 'plain'>;

async function surveyHead(head: Head, plan: CsvSourcePlan, about: About): Promise<Omit<FileFindings, 'inode'>> {
  const prologue = await readPrologue(head, plan, about.path);
  const { newline, start, header, skipped, blank, comment, lines, record } = prologue;
  const headerRecord =
    record === null || plan.repeatedHeader === 'keep' ? null : Buffer.from(record).toString('base64');
  const file = {
    ...about,
    headerRecord,
    newline,
    start,
    header,
    skipped,
    blank,
    comment,
    lines,
    linesBefore: null,
  };
  const { layout, missing } = layOut(prologue, plan, file);
  return {
    file,
    layout,
    names: prologue.names ?? [],
    missing,
    // A file of one column has no blank lines: each is a record whose only field is empty, unless a delimiter must follow it.
    empty:
      prologue.rest === 'nothing' || (prologue.rest === 'blank' && (layout?.width !== 1 || plan.trailingDelimiter)),
  };
}

function layOut(
  { names }: Prologue,
  plan: CsvSourcePlan,
  file: FileFindings['file'],
): Pick<FileFindings, 'layout' | 'missing'> {
  if (!plan.header) return { layout: layOutByPosition(plan), missing: [] };
  if (names === null) return { layout: null, missing: [] };
  const { layout, problems, missing } = layOutByName(names, plan);
  if (problems.length === 0) return { layout, missing };
  throw headerError(file, [...(plan.missingColumns === 'refuse' ? missingColumns(missing, names) : []), ...problems]);
}

/** That a file lacks columns it must have. */
export function missingError({ file, missing, names }: FileFindings): AtlasError {
  return headerError(file, missingColumns(missing, names));
}

function headerError({ path, lines }: FileFindings['file'], problems: readonly LayoutProblem[]): AtlasError {
  const place = { file: path, line: Math.max(1, lines) };
  const code = problems[0]?.code ?? 'ATLAS_INTERNAL';
  return new AtlasError(code, `${path}: ${problems.map(({ reason }) => reason).join('; ')}`, {
    place,
    problems: problems.map((problem) => ({
      code: problem.code,
      message: `${path}: ${problem.reason}`,
      place,
      hint: CODES[problem.code].hint,
    })),
  });
}
