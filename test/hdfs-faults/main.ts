import { parseArgs } from 'node:util';
import { trySeeds } from './try-seeds.ts';

/**
 * The whole of the faults, against the HDFS that `ATLAS_HADOOP` names: `--seed N` begins there, `--runs M` tries so many from it on, `--from
 * K` skips the first K, `--beds B` works on so many targets at a time.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '500' },
    from: { type: 'string', default: '0' },
    beds: { type: 'string', default: '6' },
  },
});
const [seed, runs, from, beds] = [values.seed, values.runs, values.from, values.beds].map(Number) as [
  number,
  number,
  number,
  number,
];
const { url } = JSON.parse(process.env['ATLAS_HADOOP'] ?? '{}') as { readonly url?: string };
if (url === undefined) throw new Error('ATLAS_HADOOP names no HDFS');
console.log(`faults on HDFS: seed ${seed}, ${runs} runs from ${from} on`);
const outcomes = new Map<string, number>();
let [done, fell, recovered, failed] = [0, 0, 0, 0];
await trySeeds(url, {
  first: seed + from,
  count: runs,
  beds,
  onVerdict: (verdict) => {
    done += 1;
    if (verdict.fell) fell += 1;
    if (verdict.fell) outcomes.set(verdict.outcome, (outcomes.get(verdict.outcome) ?? 0) + 1);
    recovered += verdict.recovered;
    if (done % 50 === 0) console.log(`  ${done} of ${runs}`);
    if (verdict.problems.length === 0) return;
    failed += 1;
    console.log(`FAILED ${verdict.about}: ${verdict.outcome}\n  ${verdict.problems.join('\n  ')}`);
  },
});
console.log(`${done} runs, a fault fell in ${fell}; ${recovered} intentions were settled by the run after it`);
for (const [outcome, count] of [...outcomes].sort()) console.log(`  ${outcome}: ${count}`);
console.log(failed === 0 ? 'every promise was kept' : `${failed} runs broke a promise; --seed ${seed} repeats them`);
process.exitCode = failed === 0 ? 0 : 1;
