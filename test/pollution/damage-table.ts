import { countVerdicts, type JudgedFile, READERS } from './judge-readers.ts';
import type { Judgement, Verdict } from './verdict.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  exact: 'exact',
  told: 'rows lost, told',
  whole: 'file refused',
  wrong: '**silently wrong**',
};

/** A Markdown table with a line for each kind of damage: what every reader made of the same bytes, and how it called the damage. */
export function damageTable(judged: readonly JudgedFile[]): string {
  const kinds = [...new Set(judged.map(({ file }) => file.kind))];
  const lines = kinds.map((kind) => {
    const files = judged.filter(({ file }) => file.kind === kind);
    const cells = READERS.map((reader) => wordsFor(files.flatMap(({ judgements }) => judgements.get(reader) ?? [])));
    return `| ${[kind, files.length, ...cells].join(' | ')} |`;
  });
  return [
    `| damage | files | ${READERS.join(' | ')} |`,
    `| --- | ---: |${' --- |'.repeat(READERS.length)}`,
    ...lines,
  ].join('\n');
}

function wordsFor(judgements: readonly Judgement[]): string {
  const count = countVerdicts(judgements);
  const verdicts = (['exact', 'told', 'whole', 'wrong'] as const).filter((verdict) => count[verdict] > 0);
  const words = verdicts.map((verdict) =>
    verdicts.length > 1 ? `${count[verdict]} ${WORDS[verdict]}` : WORDS[verdict],
  );
  const codes = new Map<string, number>();
  for (const code of judgements.flatMap((each) => [...new Set(each.codes)]))
    codes.set(code, (codes.get(code) ?? 0) + 1);
  const [most] = [...codes].sort((a, b) => b[1] - a[1]);
  return words.join(', ') + (most ? ` (${shorten(most[0])})` : '');
}

function shorten(code: string): string {
  return code
    .replace(/^(ATLAS_(CSV|CAST)|CSV)_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}
