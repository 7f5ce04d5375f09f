import type { ProposedDataset } from './propose-dataset.ts';
import type { Keys } from './propose-source.ts';
import { renderInline } from './render-inline.ts';

/** Longer lines are broken where their value has parts. */
const WIDTH = 120;

/** The text of a document: one feature a line, what else it could be in comments above it. */
export function renderDocument(
  head: {
    readonly schema: string | null;
    readonly ocs: string | null;
    readonly connections?: Readonly<Record<string, Keys>>;
  },
  datasets: readonly ProposedDataset[],
): string {
  const lines = ['{'];
  if (head.schema !== null) lines.push(`  "$schema": ${JSON.stringify(head.schema)},`);
  if (head.ocs !== null) lines.push(`  "ocs": ${JSON.stringify(head.ocs)},`);
  if (head.connections !== undefined) lines.push(...renderConnections(head.connections));
  lines.push('  "dataset_config": [');
  datasets.forEach((dataset, index) => {
    lines.push('    {', ...renderMembers(dataset.keys, 6, dataset), index + 1 < datasets.length ? '    },' : '    }');
  });
  return `${[...lines, '  ]', '}'].join('\n')}\n`;
}

function renderConnections(connections: Readonly<Record<string, Keys>>): readonly string[] {
  const entries = Object.entries(connections);
  const lines = entries.map(
    ([name, keys], index) =>
      `    ${JSON.stringify(name)}: ${renderInline(keys)}${index + 1 < entries.length ? ',' : ''}`,
  );
  return ['  "connections": {', ...lines, '  },'];
}

function renderMembers(keys: Keys, depth: number, dataset: ProposedDataset): string[] {
  const entries = Object.entries(keys);
  return entries.flatMap(([key, value], index) => {
    const comma = index + 1 < entries.length ? ',' : '';
    const pad = ' '.repeat(depth);
    const name = JSON.stringify(key);
    if (value === dataset.features)
      return [`${pad}${name}: [`, ...renderFeatures(dataset, depth + 2), `${pad}]${comma}`];
    const line = `${pad}${name}: ${renderInline(value)}${comma}`;
    const isSource = typeof value === 'object' && value !== null && 'features' in value;
    if (!isSource && (line.length <= WIDTH || typeof value !== 'object' || value === null)) return [line];
    if (Array.isArray(value)) {
      const items = value.map((item, at) => `${pad}  ${renderInline(item)}${at + 1 < value.length ? ',' : ''}`);
      return [`${pad}${name}: [`, ...items, `${pad}]${comma}`];
    }
    return [`${pad}${name}: {`, ...renderMembers(value as Keys, depth + 2, dataset), `${pad}}${comma}`];
  });
}

function renderFeatures({ features, comments }: ProposedDataset, depth: number): string[] {
  const pad = ' '.repeat(depth);
  return features.flatMap((feature, index) => {
    const above = (comments[index] ?? []).map((comment) => `${pad}// ${comment.replace(/\s+/g, ' ')}`);
    return [...above, `${pad}${renderInline(feature)}${index + 1 < features.length ? ',' : ''}`];
  });
}
