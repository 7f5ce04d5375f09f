import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listFixtures } from '../source/csv/fixture.ts';
import { FuzzBed } from './fuzz-reading.ts';
import { type FuzzFailure, fuzz } from './fuzz-run.ts';
import { Watch } from './watch.ts';

/** `npm run fuzz -- --seed N --runs M`: mutations of all fixtures; `--from K` goes on at input K of the seed, `--only NAME` takes some fixtures. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    runs: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    most: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
  },
});
const [seed, runs, from] = [Number(values.seed), Number(values.runs), Number(values.from)];
const folder = join(tmpdir(), `atlas-fuzz-failures-${seed}`);
const fixtures = listFixtures(join(process.cwd(), 'test/fixtures/csv/')).filter(({ name }) =>
  name.includes(values.only),
);
console.log(`fuzz: seed ${seed}, inputs ${from} to ${from + runs}, of ${fixtures.length} fixtures`);

using bed = await FuzzBed.open();
using watch = new Watch(60, `no progress for a minute: seed ${seed}, input`);
const began = Date.now();
const report = await fuzz(bed, fixtures, {
  seed,
  runs,
  from,
  most: Number(values.most),
  onInput: (index) => {
    watch.note(index);
    if (index > from && (index - from) % 50_000 === 0)
      console.log(`${index - from} inputs, ${perSecond(index - from)}`);
  },
  onFailure: keep,
});
console.log(
  `${report.inputs} inputs (${(report.bytes / 1e6).toFixed(1)} MB) in ${((Date.now() - began) / 60_000).toFixed(1)} minutes, ${perSecond(report.inputs)}: ` +
    `${report.rows} rows, ${report.rejects} rejects, ${report.refused} inputs refused whole, ${report.twins} judged by the twin too; ${report.failures.length} failures`,
);
process.exitCode = report.failures.length > 0 ? 1 : 0;

function perSecond(count: number): string {
  return `${Math.round(count / ((Date.now() - began) / 1000))} a second`;
}

/** Prints a failure, and writes it as the pair that a fixture would be. */
function keep({ index, fixture, source, input, problem }: FuzzFailure): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${fixture}-${index}`);
  const { path: _, ...written } = source;
  writeFileSync(`${path}.csv`, input);
  writeFileSync(`${path}.expected.json`, `${JSON.stringify({ clause: '', source: written }, null, 2)}\n`);
  console.log(`\nFAILED seed ${seed} input ${index} (${fixture}): ${problem}`);
  console.log(`  input  ${JSON.stringify(Buffer.from(input).toString('latin1').slice(0, 2000))}`);
  console.log(`  source ${JSON.stringify(written)}`);
  console.log(`  kept   ${path}.csv\n  repeat npm run fuzz -- --seed ${seed} --from ${index} --runs 1`);
}
