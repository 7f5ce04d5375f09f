import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

it.each(MUTANTS)('$name can still be made: what it changes stands once, and its suites exist', (mutant) => {
  const source = readFileSync(path(mutant.file), 'utf8');
  expect(source.split(mutant.find).length - 1).toBe(1);
  expect(mutant.replace).not.toBe(mutant.find);
  expect(mutant.suites.filter((suite) => !existsSync(path(suite)))).toEqual([]);
});
