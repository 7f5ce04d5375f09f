import type { Evidence } from '../flow/sniff.ts';
import { pathBelow } from '../metadata/path-below.ts';
import type { InitDataset } from './init-datasets.ts';
import type { Io } from './io.ts';
import type { LookedAtFile } from './look-at-file.ts';
import { paintFor } from './paint.ts';
import { renderEvidence, UNSURE } from './render-evidence.ts';
import { humanBytes, humanCount } from './units.ts';

/** What init says of its decisions: with `explain` all of it, else a line a file and what is unsure, and nothing where nobody looks and all is sure. */
export function renderInit(
  datasets: readonly InitDataset[],
  apart: string | null,
  explain: boolean,
  io: Pick<Io, 'stderr' | 'cwd'>,
): string {
  const paint = paintFor(io.stderr);
  const unsure = (evidence: Evidence): boolean => evidence.confidence < UNSURE;
  const doubts = datasets.flatMap(({ evidence, columns }) => [...evidence, ...columns]).filter(unsure).length;
  const drifts = datasets.some(({ drift }) => drift.length > 0);
  if (!explain && !io.stderr.isTTY && doubts === 0 && !drifts && apart === null) return '';
  let text = '';
  if (apart !== null) text += `${paint.yellow('one dataset for each file')}: ${apart}\n`;
  for (const { files, columns, drift } of datasets) {
    for (const file of files) {
      text += `${paint.bold(nameOf(file, io.cwd))}  ${summary(file)}\n`;
      text += renderEvidence(explain ? file.evidence : file.evidence.filter(unsure), io.stderr);
    }
    const shown = explain ? columns : columns.filter(unsure);
    if (shown.length > 0)
      text += `  ${paint.dim(explain ? 'columns' : 'columns worth a look')}\n${renderEvidence(shown, io.stderr)}`;
    if (drift.length > 0)
      text += `  ${paint.yellow('the files differ')}\n${drift.map((sentence) => `  ${sentence}\n`).join('')}`;
  }
  if (!explain && doubts > 0)
    text += paint.dim(
      `${doubts} ${doubts === 1 ? 'decision is' : 'decisions are'} unsure; --explain shows the reasons of all\n`,
    );
  return text;
}

function nameOf({ path }: LookedAtFile, cwd: string): string {
  return pathBelow(cwd, path) || path;
}

function summary({ sniff, profile, dialect }: LookedAtFile): string {
  const parts = [
    humanBytes(sniff.bytes),
    ...(sniff.compression === 'none' ? [] : [sniff.compression]),
    dialect.encoding,
    `${humanCount(profile.rows)} ${profile.rows === 1 ? 'row' : 'rows'}`,
    `${humanCount(dialect.columns.length)} ${dialect.columns.length === 1 ? 'column' : 'columns'}`,
  ];
  return parts.join(' · ');
}
