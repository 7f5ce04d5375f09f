import type { Evidence } from '../flow/sniff.ts';
import type { Output } from './io.ts';
import { paintFor } from './paint.ts';
import { widthOf } from './render-table.ts';

/** Decisions less sure than this are worth a look. */
export const UNSURE = 0.75;

/** Longer names and decisions are cut. */
const MOST = 34;

/** Decisions with their reasons, one to a line, folded at the width of the terminal. */
export function renderEvidence(evidence: readonly Evidence[], output: Output): string {
  const paint = paintFor(output);
  const abouts = evidence.map(({ about }) => short(about));
  const decisions = evidence.map(({ decided }) => short(decided));
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));
  const [first, second] = [width(abouts), width(decisions)];
  return evidence
    .map(({ confidence, because }, index) => {
      const sure = `${Math.round(confidence * 100)}%`.padStart(4);
      const mark = confidence < UNSURE ? paint.yellow(`${sure} ?`) : paint.dim(`${sure}  `);
      const head = `  ${pad(abouts[index] ?? '', first)}  ${paint.bold(pad(decisions[index] ?? '', second))}  ${mark}  `;
      const indent = first + second + 14;
      return head + paint.dim(fold(because, Math.max(30, output.columns - indent), indent));
    })
    .map((line) => `${line}\n`)
    .join('');
}

function short(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => JSON.stringify(character).slice(1, -1));
  return widthOf(plain) > MOST ? `${[...plain].slice(0, MOST - 1).join('')}…` : plain;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function fold(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}
