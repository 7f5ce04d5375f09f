import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS, type Mutant } from './mutants.ts';

/** `npm run mutants [-- part of a name]`: each defect, built into a copy of the repository, must turn its suites red. */
const LEFT_OUT = /^(node_modules|out|\.atlas|\.git|coverage)$/;
const root = process.cwd();
const copy = mkdtempSync(join(tmpdir(), 'atlas-mutants-'));

function run(command: string, args: readonly string[], stdio: 'ignore' | 'inherit' = 'ignore'): number {
  return spawnSync(command, args, { cwd: copy, stdio, env: { ...process.env, CI: '1' } }).status ?? 1;
}

function build(): void {
  const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
  const steps = [[tsc, '-p', 'tsconfig.build.json'], [join('src', 'cli', 'bundle-program.js')]];
  if (steps.some((args) => run(process.execPath, args) !== 0)) throw new Error('the copy does not build');
}

function suites(paths: readonly string[], stdio: 'ignore' | 'inherit'): boolean {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--bail', '1', ...paths];
  return run(process.execPath, args, stdio) === 0;
}

/** True where the suites noticed. */
function isNoticed({ file, find, replace, suites: paths }: Mutant): boolean {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    build();
    return !suites(paths, 'ignore');
  } finally {
    writeFileSync(path, source);
  }
}

try {
  cpSync(root, copy, { recursive: true, filter: (path) => !LEFT_OUT.test(path.slice(root.length + 1)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const wanted = MUTANTS.filter(({ name }) => name.includes(process.argv[2] ?? ''));
  build();
  const all = [...new Set(wanted.flatMap(({ suites: paths }) => paths))];
  if (!suites(all, 'inherit')) throw new Error(`without any mutant, these suites are red already: ${all.join(', ')}`);
  console.log(`without mutants: green (${all.join(', ')})`);
  for (const mutant of wanted) {
    const noticed = isNoticed(mutant);
    console.log(`${noticed ? 'noticed   ' : 'UNNOTICED '} ${mutant.name} (${mutant.file})`);
    if (!noticed) process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
