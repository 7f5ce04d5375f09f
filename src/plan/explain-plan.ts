import type {
  CsvSourcePlan,
  DatasetPlan,
  FeaturePlan,
  JsonlSourcePlan,
  ParquetDestinationPlan,
  SourcePlan,
} from '../flow/dataset-plan.ts';
import type { Survey } from '../flow/source.ts';
import { nameLogicalType } from '../metadata/logical-type.ts';
import { pathBelow } from '../metadata/path-below.ts';
import { explainTableDestination } from './clickhouse/explain-table-destination.ts';
import { explainTable, explainTableDrift } from './table/explain-table.ts';

/**
 * A plan for people, line by line: where rows come from and what they become, where they go and what a reader sees there
 * meanwhile. With a survey also what is there to read.
 */
export function explainPlan(plan: DatasetPlan, survey: Survey | null = null): readonly string[] {
  const { source, destination } = plan;
  const lines: [string, string][] = [
    ['source', `${shown(source.path, source.root)}: ${explainSource(source)}`],
    ...explainSurvey(survey, isTable(source)),
    ...explainFeatures(source.features).map((text, index): [string, string] => [index === 0 ? 'features' : '', text]),
    ...(destination.type === 'clickhouse' ? explainTableDestination(destination) : explainFiles(destination, source)),
    ['bad rows', explainRejects(plan)],
    ['empty input', plan.onEmpty],
    ['drift', explainDrift(plan)],
  ];
  if (plan.needs.length > 0) lines.push(['needs', plan.needs.join(', ')]);
  for (const note of [...plan.notes, ...(survey?.notes ?? [])]) lines.push(['note', note]);
  lines.push(['plan', plan.hash]);
  return [
    `${plan.dataset}: ${source.type} to ${destination.type}`,
    ...lines.map(([key, text]) => `  ${key.padEnd(12)} ${text}`),
  ];
}

function explainFiles(destination: ParquetDestinationPlan, source: SourcePlan): readonly [string, string][] {
  return [
    ['destination', `${shown(destination.path, source.root)}: ${explainFile(destination)}`],
    ['row groups', explainRowGroups(source, destination)],
    ...explainFolder(destination),
  ];
}

function shown(path: string, root: string): string {
  if (path === '-') return 'standard input';
  return pathBelow(root, path) || path;
}

function explainSource(source: SourcePlan): string {
  if (source.type === 'csv') return explainDialect(source);
  if (source.type === 'jsonl') return explainJsonLines(source);
  if (source.type === 'parquet')
    return `Parquet, ${source.own === true ? 'its own columns' : 'the columns of the features alone'}`;
  return explainTable(source);
}

function explainJsonLines({ compression }: JsonlSourcePlan): string {
  const packed = compression === 'auto' || compression === 'none' ? '' : `, ${compression}`;
  return `JSON lines${packed}: one object a line, keys that no feature takes are left alone`;
}

function explainDialect(source: CsvSourcePlan): string {
  const character = (code: number): string => JSON.stringify(String.fromCharCode(code));
  const { quote, escape: escaper, columns, skipRows, compression } = source;
  const quoting =
    quote === null
      ? 'no quoting'
      : `quote ${character(quote)}${escaper === quote ? ' (doubled inside)' : `, escape ${character(escaper)}`}`;
  const header = source.header ? 'a header' : columns === null ? 'no header' : `no header, ${columns.length} columns`;
  const delimiter = source.wideDelimiter === null ? character(source.delimiter) : JSON.stringify(source.wideDelimiter);
  const parts = [`CSV, delimiter ${delimiter}`, quoting, header];
  if (source.encoding !== 'utf-8') parts.push(source.encoding);
  if (source.bareEscapes) parts.push('backslash escapes');
  if (typeof source.rowDelimiter === 'number') parts.push(`rows end with ${character(source.rowDelimiter)}`);
  if (source.trailingDelimiter) parts.push('a delimiter after each row');
  if (source.comment !== null) parts.push(`comments after ${character(source.comment)}`);
  if (source.trim) parts.push('trimmed');
  if (source.repeatedHeader !== 'reject') parts.push(`repeated headers: ${source.repeatedHeader}`);
  if (skipRows > 0) parts.push(`${skipRows} lines skipped`);
  if (compression !== 'auto' && compression !== 'none') parts.push(compression);
  return parts.join(', ');
}

function explainSurvey(survey: Survey | null, table: boolean): [string, string][] {
  if (survey === null) return [];
  const { inputs, tasks } = survey;
  const known = !table && inputs.every((input) => input.bytes !== null);
  const bytes = known ? `, ${count(inputs.reduce((sum, input) => sum + (input.bytes ?? 0), 0))} bytes` : '';
  const files = table ? 'one snapshot' : `${count(inputs.length)} ${inputs.length === 1 ? 'file' : 'files'}`;
  return [
    [
      'input',
      `${files}${bytes}, ${count(tasks.length)} ${tasks.length === 1 ? 'task' : 'tasks'}${survey.empty ? ', no rows' : ''}`,
    ],
  ];
}

function explainFeatures(features: readonly FeaturePlan[]): readonly string[] {
  const names = Math.max(...features.map((feature) => feature.name.length));
  const types = Math.max(...features.map((feature) => nameLogicalType(feature.type).length));
  return features.map((feature) => {
    const extras = [
      feature.nullable ? '' : 'not null',
      explainOrigin(feature),
      feature.format === null ? '' : `read as ${feature.format}`,
      feature.type.kind === 'timestamp' && feature.type.zoned && feature.timezone !== 'UTC' ? feature.timezone : '',
      feature.onLoss === 'reject' ? '' : `on loss ${feature.onLoss}`,
      feature.sensitive ? 'sensitive' : '',
    ].filter((extra) => extra !== '');
    return `${feature.name.padEnd(names)}  ${nameLogicalType(feature.type).padEnd(types)}  ${extras.join(', ')}`.trimEnd();
  });
}

function explainOrigin({ name, from, constant, sensitive }: FeaturePlan): string {
  if (constant === null) return from === name ? '' : `from ${JSON.stringify(from)}`;
  if (constant.kind !== 'text') return `= @${constant.kind}`;
  return sensitive ? '= (masked)' : `= ${JSON.stringify(constant.text)}`;
}

function explainFile(destination: ParquetDestinationPlan): string {
  const { compression, compressionLevel, encodings } = destination;
  const level = compressionLevel === null ? '' : ` level ${compressionLevel}`;
  const form = destination.folder ? 'a folder of Parquet files' : 'one Parquet file';
  const old = encodings === 'compatible' ? ', encodings for old readers' : '';
  const { mode, layout, keepVersions } = destination;
  const manner = layout === 'versioned' ? `versioned (${keepVersions ?? 1} kept)` : mode;
  return `${form}, ${compression === 'none' ? 'not compressed' : `${compression}${level}`}${old}, ${manner}`;
}

function explainRowGroups(source: SourcePlan, destination: ParquetDestinationPlan): string {
  const { rowGroupRows, rowGroupBytes } = destination;
  const bounds = `at most ${count(rowGroupRows)} rows and ${count(rowGroupBytes)} bytes of values`;
  const inputs = {
    csv: 'bytes of input',
    jsonl: 'bytes of input',
    parquet: 'decompressed bytes, or input row group',
  } as const;
  const input = isTable(source) ? 'bytes of the table' : inputs[source.type as keyof typeof inputs];
  return `${bounds}; one or more per ${count(source.sliceBytes)} ${input}`;
}

function explainFolder({ partitionBy, maxRowsPerFile }: ParquetDestinationPlan): [string, string][] {
  const lines: [string, string][] = [];
  if (partitionBy.length > 0) lines.push(['partitions', partitionBy.map((name) => `${name}=…/`).join('')]);
  if (maxRowsPerFile !== null) lines.push(['files', `at most ${count(maxRowsPerFile)} rows each`]);
  return lines;
}

function explainRejects({ onError, maxRejects, rejectsPath }: DatasetPlan): string {
  if (onError === 'fail' || maxRejects === null) return 'fail: one bad row, and nothing is published';
  const limit =
    maxRejects.kind === 'rows' ? `${count(maxRejects.rows)} rows` : `${round(maxRejects.share * 100)} % of the rows`;
  return `set aside, up to ${limit}, in ${rejectsPath ?? 'the state folder'}`;
}

function explainDrift({ onDrift, source }: DatasetPlan): string {
  if (source.type === 'postgresql' || source.type === 'mysql') return explainTableDrift(onDrift, source.own === true);
  if (source.type === 'jsonl') {
    if (onDrift !== 'fail') return 'ignore: keys that no feature takes are left alone, and told';
    return 'fail: a key that no feature takes and that the last run did not meet, and nothing is published';
  }
  if (onDrift === 'fail')
    return 'fail: columns that differ between files or from the last run, and nothing is published';
  if (onDrift === 'ignore') return 'ignore: new columns are left alone, missing ones read as null where they may be';
  return 'evolve: new columns are added, types widened, missing ones read as null; inputs are read twice for that';
}

function isTable({ type }: SourcePlan): boolean {
  return type === 'postgresql' || type === 'mysql';
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
