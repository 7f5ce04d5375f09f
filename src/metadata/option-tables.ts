import type { z } from 'zod';
import { connectionSchema } from './connection-schema.ts';
import { csvSourceSchema } from './csv-source-schema.ts';
import { datasetSchema } from './dataset-schema.ts';
import { type JsonSchema, jsonSchemaOf } from './emit-json-schema.ts';
import { featureSchema } from './feature-schema.ts';
import { groupSchema } from './group-schema.ts';
import { jsonlSourceSchema } from './jsonl-source-schema.ts';
import { markdownTable } from './markdown-table.ts';
import { parquetDestinationSchema } from './parquet-destination-schema.ts';
import { parquetSourceSchema } from './parquet-source-schema.ts';
import { mysqlSourceSchema, postgresSourceSchema } from './table-source-schema.ts';

const TABLES: readonly (readonly [string, z.ZodType])[] = [
  ['The document', groupSchema],
  ['A dataset', datasetSchema],
  ['A CSV source', csvSourceSchema],
  ['A source of JSON lines', jsonlSourceSchema],
  ['A Parquet source', parquetSourceSchema],
  ['A PostgreSQL source', postgresSourceSchema],
  ['A MySQL source', mysqlSourceSchema],
  ['A feature', featureSchema],
  ['A Parquet destination', parquetDestinationSchema],
  ...connectionSchema.options.map((option): readonly [string, z.ZodType] => [
    `A ${option.shape.type.value} connection`,
    option,
  ]),
];

/** The reference of all metadata keys as Markdown: one table per thing, from the schemas alone. Pure. */
export function optionTables(): string {
  return TABLES.map(([title, schema]) => `#### ${title}\n\n${tableOf(jsonSchemaOf(schema))}`).join('\n\n');
}

function tableOf(schema: JsonSchema): string {
  return markdownTable(['key', 'type', 'default', 'meaning'], rowsOf(schema, ''));
}

function rowsOf(schema: JsonSchema, before: string): readonly (readonly string[])[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = before + key;
    const row = [`\`${name}\``, typeOf(property), defaultOf(property, required.has(key)), property.description ?? ''];
    return isGroup(property) ? [row, ...rowsOf(property, `${name}.`)] : [row];
  });
}

/** A handful of keys that belong together and have no table of their own. */
function isGroup({ title, properties }: JsonSchema): boolean {
  return title?.startsWith('keys of ') === true && properties !== undefined;
}

function defaultOf(property: JsonSchema, required: boolean): string {
  if (required) return '**required**';
  return property.default === undefined ? '' : code(property.default);
}

/** A type in words: what a person would write there. */
function typeOf(property: JsonSchema): string {
  if (property.const !== undefined) return code(property.const);
  if (property.enum !== undefined) return property.enum.map(code).join(', ');
  if (property.type === undefined) {
    const forms = property.anyOf ?? property.oneOf ?? [];
    return [...new Set(forms.map(typeOf))].join(' or ');
  }
  if (Array.isArray(property.type)) return property.type.map((each) => word(each)).join(' or ');
  if (property.type === 'array') return `list of ${plural(property.items)}`;
  if (property.type === 'integer' || property.type === 'number')
    return `${word(String(property.type))}${rangeOf(property)}`;
  return word(String(property.type));
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  if (minimum === undefined && maximum === undefined) return '';
  if (maximum === undefined) return ` (${minimum} or more)`;
  return ` (${minimum ?? ''} to ${maximum})`;
}

function plural(items: JsonSchema | undefined): string {
  if (items?.title !== undefined) return `${items.title}s`;
  const words: Readonly<Record<string, string>> = { string: 'texts', integer: 'integers', object: 'objects' };
  return words[String(items?.type)] ?? 'values';
}

function word(type: string): string {
  const words: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false', null: '`null`' };
  return words[type] ?? type;
}

/** Blanks that look like others are shown by their code. */
function code(value: unknown): string {
  const text = JSON.stringify(value).replaceAll(
    /[\u0080-\u00a0\u2000-\u200f\u2028-\u202f]/g,
    (blank) => `\\u${blank.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `\`${text}\``;
}
