import { setImmediate } from 'node:timers/promises';
import { AtlasError, type ErrorCode } from '../../../errors.ts';
import type { CsvSourcePlan } from '../../../flow/dataset-plan.ts';
import type { InputProfile } from '../../../flow/profile.ts';
import { Kernel } from '../../../kernel/kernel.ts';
import type { ByteFeed } from '../../feed/byte-feed.ts';
import { Head } from '../../feed/head.ts';
import { Window } from '../../feed/window.ts';
import type { InputAccess } from '../../input.ts';
import { leaveOut } from '../../leave-out.ts';
import { feedFromStart, type StoredFile } from '../../lines/open-parts.ts';
import { listInputs, STDIN } from '../../list-inputs.ts';
import { listWords } from '../../profile/profile-words.ts';
import { openFeed } from '../open-feed.ts';
import { planParser } from '../parser/parser-plan.ts';
import { reasonOfDamage } from '../parser/parser-reason.ts';
import { readHeaderRecord } from '../survey/header-record.ts';
import { type FileFindings, surveyFile } from '../survey/survey-file.ts';
import { dialectSeen } from '../wide/wide-dialect.ts';
import { Profiler } from './profiler.ts';

/** Bytes after which signals and timers get their turn. */
const TURN = 4 << 20;

interface Input {
  readonly findings: FileFindings;
  readonly width: number;
}

/**
 * Reads every input of a source to its end and answers what each of its columns holds; every field counts. Goes by the plan's dialect,
 * header and columns, not by its features. Files that are the same file are read once. Memory does not grow with the inputs.
 * Fails with what a survey fails with, with ATLAS_INPUT_CHANGED, and with ATLAS_LIMIT_KERNEL_MEMORY where records are too wide.
 */
export async function profileCsvInputs(
  plan: CsvSourcePlan,
  { stores, signal }: InputAccess,
): Promise<readonly InputProfile[]> {
  const access: InputAccess = { stores, signal };
  const source: CsvSourcePlan = { ...plan, features: [] };
  const inputs: Input[] = [];
  const seen = new Set<string>();
  for (const path of leaveOut(await listInputs(plan.path, plan.root, access), plan)) {
    signal.throwIfAborted();
    if (path === STDIN) throw unreadable();
    const findings = await surveyFile(path, source, access);
    if (seen.has(findings.inode)) continue;
    seen.add(findings.inode);
    inputs.push({ findings, width: await widthOf(findings, source, access) });
  }
  const key = { words: listWords([...plan.trueValues, ...plan.falseValues]), nullValues: plan.nullValues };
  const limits = { maxRowBytes: plan.maxRowBytes, width: Math.max(1, ...inputs.map(({ width }) => width)), key };
  const kernel = await Kernel.open(Profiler.kernelBytes(limits));
  const profiler = new Profiler(kernel, limits);
  const profiles: InputProfile[] = [];
  for (const input of inputs) profiles.push(await profileFile(input, source, profiler, access));
  return profiles;
}

async function profileFile(
  { findings: { file, names }, width }: Input,
  plan: CsvSourcePlan,
  profiler: Profiler,
  access: InputAccess,
): Promise<InputProfile> {
  const { signal } = access;
  if (width === 0) return { file: file.name, rows: 0, damaged: 0, damage: [], columns: [] };
  await using feed = await openPlanned(file, plan, access);
  const parser = planParser(plan, { ...file, layout: 0 }, { width, positions: [] }, 0n);
  profiler.begin(parser);
  const window = new Window(profiler.window);
  await window.open(feed, file.start);
  let turn = window.position + TURN;
  for (;;) {
    if (window.position >= turn) {
      await setImmediate();
      signal.throwIfAborted();
      turn = window.position + TURN;
    }
    const { consumed, stop } = profiler.count(window.from, window.to, window.final);
    window.pass(consumed);
    if (stop === 'end') break;
    if (stop === 'full') continue;
    await window.refill(consumed === 0);
    if (window.final && window.from === window.to) break;
  }
  const columns = profiler.columns(plan.header ? names : (plan.columns ?? []));
  const damage = [...profiler.damage].map(([code, records]) => ({
    code: reasonOfDamage(code, 0, parser).code,
    records,
  }));
  return { file: file.name, rows: profiler.rows, damaged: profiler.damaged, damage: sumByCode(damage), columns };
}

/** Several kinds of damage share a code. */
function sumByCode(damage: InputProfile['damage']): InputProfile['damage'] {
  const sums = new Map<ErrorCode, number>();
  for (const { code, records } of damage) sums.set(code, (sums.get(code) ?? 0) + records);
  return [...sums].map(([code, records]) => ({ code, records })).sort((a, b) => b.records - a.records);
}

/** Fields of a record: by the header or the declared columns; where there are neither, those of the first record that has an end. */
async function widthOf({ file, names }: FileFindings, plan: CsvSourcePlan, access: InputAccess): Promise<number> {
  if (plan.header) return names.length;
  if (plan.columns !== null) return plan.columns.length;
  await using feed = await openPlanned(file, plan, access);
  const head = new Head(feed);
  for (;;) {
    await head.more();
    if (head.bytes.length === 0) return 0;
    const record = readHeaderRecord(head.bytes, file.newline, dialectSeen(plan), head.ended);
    if (record.kind === 'refused') {
      throw new AtlasError(
        record.code,
        `${file.path}: the first record tells the number of columns: ${record.reason}`,
        {
          place: { file: file.path, line: file.lines + 1 },
          hint: 'Declare `columns`.',
        },
      );
    }
    if (record.kind !== 'starved') return record.names.length;
  }
}

function openPlanned(file: StoredFile, plan: CsvSourcePlan, access: InputAccess): Promise<ByteFeed> {
  const open = (raw: ByteFeed): Promise<ByteFeed> => openFeed(raw, file.compression, file.path, plan, access.signal);
  return feedFromStart(file, { openFeed: open, takePipe: unreachable, ...access });
}

function unreadable(): AtlasError {
  return new AtlasError('ATLAS_INPUT_UNREADABLE', 'standard input can be read once, and was to be looked at first', {
    place: { file: STDIN },
    hint: 'Write it to a file first.',
  });
}

function unreachable(): never {
  throw new AtlasError('ATLAS_INTERNAL', 'a pipe was to be profiled');
}
