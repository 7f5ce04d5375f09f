import type { Place, Problem } from '../errors.ts';
import { checkConnections } from './check-connections.ts';
import { openCheck } from './check-context.ts';
import { checkEnds, checkValidEnds } from './check-ends.ts';
import { checkGroup } from './check-group.ts';
import {
  type DocumentNode,
  itemsOf,
  locate,
  type Member,
  memberOf,
  type ObjectNode,
  placeOf,
} from './document-node.ts';
import type { GroupEnvironment } from './group-environment.ts';
import { type Group, groupSchema } from './group-schema.ts';
import { parseHdfsPath } from './hdfs-path.ts';
import { inheritDefaults } from './inherit-defaults.ts';
import type { Environment } from './interpolate.ts';
import { hideFilledIn, interpolateDocument } from './interpolate-document.ts';
import { layConnections } from './lay-connections.ts';
import { readDocument } from './read-document.ts';
import { sortProblems } from './sort-problems.ts';
import { validateNode } from './validate-node.ts';

export interface ParsedGroup {
  /** Null where there is any problem. */
  readonly group: Group | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Where the value at a path stands, which may be in `defaults`. */
  readonly locate: (path: string) => Place;
}

/**
 * Parses and validates the document of one ocs group. Pure and total: it never throws, and answers every problem at once,
 * each with file, line, column, path and hint, in the order they stand.
 */
export function parseGroup(text: string, file: string, environment: GroupEnvironment): ParsedGroup {
  const read = readDocument(text, file);
  const layers = environment.connections.map((layer) => readDocument(layer.text, layer.file));
  const problems = [read, ...layers].flatMap((each) => each.problems);
  if (read.node === null) {
    return { group: null, problems: sortProblems(problems, file), warnings: [], locate: () => ({ file }) };
  }
  const warnings: Problem[] = [read, ...layers].flatMap((each) => each.warnings);
  const shared = layers.flatMap((each) => (each.node === null ? [] : [each.node]));
  const merged = inheritDefaults(layConnections(read.node, shared, problems));
  const gaps: Problem[] = [];
  const filled = fillIn(merged, file, environment, { problems, warnings, gaps });
  const unfilled = new Set([...problems, ...warnings, ...gaps].map((problem) => JSON.stringify(problem.place)));
  const valid = validateNode(groupSchema, filled);
  // A value that could not be filled in has been reported as such: what the empty text breaks is no news.
  problems.push(...valid.problems.filter((problem) => !unfilled.has(JSON.stringify(problem.place))));
  checkName(filled, file, problems);
  const check = openCheck(valid.node, valid.cut, problems, warnings);
  const connections = memberOf(filled, 'connections');
  if (connections !== null) {
    const isFilled = (node: DocumentNode): boolean => !unfilled.has(JSON.stringify(placeOf(node.spot)));
    checkConnections(openCheck(connections, valid.cut, problems, warnings), isFilled);
  }
  if (valid.problems.length > 0) {
    for (const dataset of itemsOf(memberOf(filled, 'dataset_config'))) checkEnds(dataset, problems, warnings);
  } else {
    valid.value?.dataset_config.forEach((dataset, index) => {
      checkValidEnds(dataset, check.below(['dataset_config', index]));
    });
  }
  const group = valid.value === null ? null : { ...valid.value, ocs: valid.value.ocs ?? stemOf(file) };
  if (group !== null) checkGroup(group, check);
  return {
    group: problems.length === 0 ? group : null,
    problems: sortProblems(hideFilledIn(filled, problems), file),
    warnings: sortProblems(hideFilledIn(filled, warnings), file),
    locate: (path) => locate(filled, path),
  };
}

/** Where what cannot be filled in is noted; `gaps` = that of connections that nobody uses. */
interface Lists {
  readonly problems: Problem[];
  readonly warnings: Problem[];
  readonly gaps: Problem[];
}

/** Fills in the environment. What an unused connection lacks stops nobody: a warning, or nothing where it is shared. */
function fillIn(
  root: DocumentNode,
  file: string,
  environment: Environment,
  { problems, warnings, gaps }: Lists,
): DocumentNode {
  if (root.kind !== 'object') return root;
  const members = new Map<string, Member>();
  for (const [key, member] of root.members) {
    if (key === 'connections' && member.node.kind === 'object') {
      members.set(key, { key: member.key, node: fillConnections(member.node) });
      continue;
    }
    const filled = interpolateDocument(member.node, environment);
    problems.push(...filled.problems);
    members.set(key, { key: member.key, node: filled.node });
  }
  return { ...root, members };

  function fillConnections(connections: ObjectNode): ObjectNode {
    const used = connectionsUsed(root);
    const filledMembers = new Map<string, Member>();
    for (const [name, connection] of connections.members) {
      const filled = interpolateDocument(connection.node, environment);
      if (used.has(name)) problems.push(...filled.problems);
      else {
        gaps.push(...filled.problems);
        warnings.push(...filled.problems.filter((problem) => problem.place.file === file));
      }
      filledMembers.set(name, { key: connection.key, node: filled.node });
    }
    return { ...connections, members: filledMembers };
  }
}

/** Names that datasets use: `connection: name`, and `hdfs://name/…`. */
function connectionsUsed(root: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  for (const dataset of itemsOf(memberOf(root, 'dataset_config'))) {
    const ends = [memberOf(dataset, 'source'), memberOf(dataset, 'destination')];
    for (const name of ends.map((end) => memberOf(end, 'connection'))) {
      if (name?.kind === 'scalar') used.add(String(name.value));
    }
    for (const path of [...ends.map((end) => memberOf(end, 'path')), memberOf(dataset, 'rejects')]) {
      const host = path?.kind === 'scalar' ? parseHdfsPath(String(path.value))?.connection : undefined;
      if (host !== undefined) used.add(host);
    }
  }
  return used;
}

function checkName(root: DocumentNode, file: string, problems: Problem[]): void {
  const ocs = memberOf(root, 'ocs');
  const expected = stemOf(file);
  if (ocs?.kind !== 'scalar' || typeof ocs.value !== 'string' || ocs.value === expected) return;
  problems.push({
    code: 'ATLAS_META_INVALID',
    message: `ocs is ${JSON.stringify(ocs.value)}, but the file is named ${JSON.stringify(expected)}`,
    place: placeOf(ocs.spot),
    hint: `Write ${JSON.stringify(expected)}, or rename the file.`,
  });
}

/** The name of a document's file without its ending: the name of its group. */
function stemOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.jsonc?$/, '');
}
