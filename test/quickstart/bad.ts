import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

/** `npm run quickstart:bad`: loads a file with three damaged rows out of five, and shows what became of them. */
const example = 'examples/reject-policy';
rmSync(`${example}/out`, { recursive: true, force: true });

console.log(`${example}/data/answers.csv:\n`);
const input = readFileSync(`${example}/data/answers.csv`, 'utf8').trimEnd().split('\n');
input.forEach((line, index) => {
  console.log(`  ${index + 1}  ${line}`);
});
console.log('');
const args = ['bin/atlas-ingest.js', 'run', '--ocs', 'survey', '--metadata', `${example}/metadata`];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

interface RejectLine {
  readonly file: string;
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly reason: string;
  readonly raw: string;
}
const rejects = `${example}/out/rejects/answers.jsonl`;
console.log(`\n${rejects}, the rows that were not taken:\n`);
for (const text of readFileSync(rejects, 'utf8').trimEnd().split('\n')) {
  const { file, line, column, code, reason, raw } = JSON.parse(text) as RejectLine;
  console.log(`  ${file}:${line}${column ? `, column ${column}` : ''}: ${code}: ${reason}`);
  console.log(`      ${raw.trimEnd()}`);
}
