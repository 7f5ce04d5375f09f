import type { Constant } from '../flow/dataset-plan.ts';
import { constantProblem } from '../metadata/constant-problem.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import type { LogicalType } from '../metadata/logical-type.ts';
import type { Templates } from './templates.ts';

/** The constant that a feature declares, filled in, or null; what its type can never hold is noted. `index`: the feature's number. */
export function planConstant(
  feature: Feature,
  type: LogicalType,
  index: number,
  words: { readonly trueValues: readonly string[]; readonly falseValues: readonly string[] },
  templates: Templates,
): Constant | null {
  if (feature.value === undefined) return null;
  const path = `source.features[${index}].value`;
  const constant = constantOf(templates.fill(feature.value, path), feature.value);
  if (constant.kind !== 'text') return constant;
  const problem = constantProblem(constant.text, type, words);
  if (problem !== null) {
    const message = `the value of ${feature.name} cannot be ${feature.type}: ${problem}`;
    templates.refuse(path, message, 'Write it as the type is written, or change the type.');
  }
  return constant;
}

/** Only what was written can be special: a run variable that begins with @ is text. */
function constantOf(text: string, written: string): Constant {
  if (written === '@file') return { kind: 'file' };
  if (written === '@line') return { kind: 'line' };
  if (written === '@loaded_at') return { kind: 'loaded_at' };
  return { kind: 'text', text: written.startsWith('@@') ? text.slice(1) : text };
}
