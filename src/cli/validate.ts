import { AtlasError, type Problem } from '../errors.ts';
import type { Group } from '../metadata/group-schema.ts';
import { examineGroup } from '../metadata/load-group.ts';
import { selectDatasets } from '../metadata/select-datasets.ts';
import { unusedVariables, variablesUsed } from '../metadata/unused-variables.ts';
import { planGroup } from '../plan/plan-group.ts';
import type { ValidateOptions } from './command-options.ts';
import { findFolders } from './folders.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';
import { problemJson, renderProblems } from './render-problems.ts';

/** Prints everything that is wrong with a group's metadata, touching nothing; answers 2 where there is anything, else 0. */
export async function validate(options: ValidateOptions, io: Io): Promise<number> {
  const folders = findFolders(options, io);
  const request = { ocs: options.ocs, metadataDir: folders.metadata, env: options.env, environment: io.env };
  const { group, ...found } = await examineGroup(request);
  const problems = [...found.problems];
  const warnings = [...found.warnings];
  let variables: readonly string[] = [];
  if (group !== null) {
    const datasets = selectDatasets(group, options.datasets);
    variables = variablesUsed(datasets).filter((name) => !['ocs', 'dataset'].includes(name));
    warnings.push(...unusedVariables(group.dataset_config, options.vars));
    // Without its variables a plan cannot be made; that is said below, and is nothing wrong with the document.
    if (variables.every((name) => Object.hasOwn(options.vars, name))) {
      problems.push(
        ...planProblems(() =>
          planGroup(group, datasets, { root: folders.root, variables: options.vars, locate: found.locate }),
        ),
      );
    }
  }
  const missing = variables.filter((name) => !Object.hasOwn(options.vars, name));
  if (options.json) {
    const answer = {
      ok: problems.length === 0,
      ocs: options.ocs,
      problems: problems.map(problemJson),
      warnings: warnings.map(problemJson),
      variables,
    };
    io.stdout.write(`${JSON.stringify(answer)}\n`);
  } else {
    const paint = paintFor(io.stdout);
    io.stdout.write(renderProblems(problems, 'error', paint, io.cwd));
    io.stdout.write(renderProblems(warnings, 'warning', paint, io.cwd));
    io.stdout.write(summary(options.ocs, group, problems, missing));
  }
  return problems.length === 0 ? 0 : 2;
}

function planProblems(plan: () => unknown): readonly Problem[] {
  try {
    plan();
    return [];
  } catch (error) {
    if (error instanceof AtlasError && error.problems.length > 0) return error.problems;
    throw error;
  }
}

function summary(ocs: string, group: Group | null, problems: readonly Problem[], missing: readonly string[]): string {
  if (problems.length > 0) return `${ocs}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n`;
  const count = group?.dataset_config.length ?? 0;
  const needs = missing.map((name) => `; a run needs --var ${name}=…`).join('');
  return `${ocs}: ok, ${count} ${count === 1 ? 'dataset' : 'datasets'}${needs}\n`;
}
