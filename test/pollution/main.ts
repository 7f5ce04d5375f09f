import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSection } from '../bench/write-section.ts';
import { damageTable } from './damage-table.ts';
import { countVerdicts, type JudgedFile, judgeReaders, READERS } from './judge-readers.ts';
import { pollutedFiles } from './polluted-files.ts';

/** `npm run bench -- damage`: what becomes of every kind of damage, here and elsewhere. `--readme` puts it into the README. */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '2024' },
    every: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
  },
});
const judged: JudgedFile[] = [];
for await (const each of judgeReaders(pollutedFiles({ seed: Number(values.seed), every: Number(values.every) }))) {
  judged.push(each);
  const ours = each.judgements.get('atlas-ingest');
  if (ours && (ours.verdict !== 'exact' || values.verbose)) {
    console.error(`${each.file.kind}, ${each.file.name}: ${ours.verdict} ${ours.why}`);
  }
}
const report = `${summary()}\n\n${damageTable(judged)}`;
console.log(report);
if (values.readme) writeSection(join(process.cwd(), 'README.md'), 'damage', report);
process.exitCode = ourWrong() === 0 ? 0 : 1;

function summary(): string {
  const lines = READERS.map((reader) => {
    const { exact, told, whole, wrong, lost } = countVerdicts(
      judged.flatMap(({ judgements }) => judgements.get(reader) ?? []),
    );
    return `| ${reader} | ${exact} | ${told} | ${whole} | ${wrong} | ${lost} |`;
  });
  return [
    `Of ${judged.length} files, each with one pollution of one table (seed ${values.seed}):`,
    '',
    '| reader | every undamaged row exact, damage reported | undamaged rows lost, and reported | file refused whole | silently wrong | undamaged rows lost |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}

function ourWrong(): number {
  return countVerdicts(judged.flatMap(({ judgements }) => judgements.get('atlas-ingest') ?? [])).wrong;
}
