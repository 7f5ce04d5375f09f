import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { SECRET_KEYS } from './connection-schema.ts';
import { type DocumentNode, nodeAt, placeOf } from './document-node.ts';
import { suggest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

/** Words that have a meaning elsewhere, or will have one: said to be unsupported here, not to be mistakes of spelling. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  type: ['csv', 'jsonl', 'parquet', 'postgresql', 'mysql', 'kafka', 'clickhouse', 'webhdfs', 'hdfs'],
  mode: ['merge'],
};

const INVALID = 'ATLAS_META_INVALID';

/**
 * Says what is wrong in the document's own words: the value found, what is possible, where, and a hint.
 * `knownKeys` answers the keys of the object at a path. One issue of several unknown keys becomes one problem each.
 */
export function describeIssue(
  issue: Issue,
  root: DocumentNode,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): readonly Problem[] {
  const node = nodeAt(root, issue.path);
  const key = nameOf(issue.path);
  const problem = (message: string, hint: string): Problem[] => [
    { code: INVALID, message, place: placeOf(node.spot), hint },
  ];
  if (isMissing(root, issue.path)) {
    const possible = possibilities(issue);
    return problem(`the key ${JSON.stringify(key)} is missing`, possible === null ? `Add ${key}.` : `${possible}.`);
  }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((unknown) => {
        const member = node.kind === 'object' ? node.members.get(unknown) : undefined;
        return {
          code: INVALID,
          message: `unknown key ${JSON.stringify(unknown)}`,
          place: placeOf(member?.key ?? node.spot),
          hint: suggest(unknown, knownKeys(issue.path)),
        };
      });
    case 'invalid_type':
      return problem(
        `${key} is ${show(node, key)}, ${article(issue.expected)} is needed`,
        `Write ${article(issue.expected)}.`,
      );
    case 'invalid_value':
      return problem(...describeChoice(key, node, issue.values.map(String)));
    case 'too_small':
    case 'too_big':
      return problem(...describeBound(issue, key, node));
    case 'invalid_union':
      if ('options' in issue) return problem(...describeChoice(key, node, issue.options?.map(String) ?? []));
      return problem(`${key} is ${show(node, key)}: ${issue.message}`, `Mend ${key}.`);
    case 'invalid_format':
      return problem(`${key} is ${show(node, key)}: ${issue.message}`, `Mend ${key}.`);
    case 'custom':
      return problem(issue.message, String(issue.params?.['hint'] ?? `Mend ${key}.`));
    default:
      return problem(`${key} is ${show(node, key)}, which is not possible`, `Mend ${key}.`);
  }
}

function describeBound(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  key: string,
  node: DocumentNode,
): [string, string] {
  const [bound, word] = issue.code === 'too_small' ? [issue.minimum, 'at least'] : [issue.maximum, 'at most'];
  if (issue.code === 'too_small' && issue.origin !== 'number' && bound === 1) {
    return [
      `${key} is empty`,
      issue.origin === 'array' ? 'Put something in, or leave the key out.' : 'Write some text.',
    ];
  }
  return [`${key} is ${show(node, key)}, ${word} ${bound} is possible`, `Write ${word} ${bound}.`];
}

function describeChoice(key: string, node: DocumentNode, possible: readonly string[]): [string, string] {
  const found = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
  const known = Object.hasOwn(UNSUPPORTED, key) ? (UNSUPPORTED[key] ?? []) : [];
  const supported = `supported: ${possible.join(', ')}`;
  if (known.includes(found)) {
    return [
      `${key} is ${JSON.stringify(found)}, which is not supported here yet; ${supported}`,
      `Use ${listed(possible)}.`,
    ];
  }
  const hint =
    found === '' || possible.includes(found) ? `Possible: ${possible.join(', ')}.` : suggest(found, possible);
  return [`${key} is ${show(node, key)}; ${supported}`, hint];
}

/** What would be possible, for a key that is missing. */
function possibilities(issue: Issue): string | null {
  if (issue.code === 'invalid_value') return `Possible: ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `Add it: ${article(issue.expected)}`;
  if (issue.code === 'invalid_union' && 'options' in issue) return `Possible: ${issue.options?.map(String).join(', ')}`;
  return null;
}

/** The key at the end of a path; of an item of a list with the name of the list (`features[2]`). */
function nameOf(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'the document';
  return typeof last === 'number' ? `${String(path.at(-2) ?? '')}[${last}]` : String(last);
}

function isMissing(root: DocumentNode, path: readonly PropertyKey[]): boolean {
  const last = path.at(-1);
  if (last === undefined) return false;
  const parent = nodeAt(root, path.slice(0, -1));
  return parent.kind === 'object' && !parent.members.has(String(last));
}

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return quoted.length < 2 ? (quoted[0] ?? 'nothing') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function article(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    int: 'an integer',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    record: 'an object',
  };
  return Object.hasOwn(words, expected) ? (words[expected] ?? expected) : expected;
}

/** A value as it may be shown: as it is written, never what was filled in for it, and no secret. */
export function show(node: DocumentNode, key: string): string {
  if (node.kind === 'array') return `a list of ${node.items.length}`;
  if (node.kind === 'object') return 'an object';
  if (SECRET_KEYS.includes(key)) return 'a secret';
  const text = JSON.stringify(node.written ?? node.value);
  const shown = text.length > 80 ? `${text.slice(0, 77)}…` : text;
  return node.written === null ? shown : `${shown} (as filled in)`;
}
