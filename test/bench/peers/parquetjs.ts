import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse';
import { jobOf } from '../job.ts';

/** csv-parse and parquetjs-lite: the streams most Node programs would be made of. */
interface ParquetWriter {
  appendRow(row: Record<string, unknown>): Promise<void>;
  close(): Promise<void>;
}
interface Parquetjs {
  ParquetSchema: new (fields: Record<string, unknown>) => unknown;
  ParquetWriter: { openFile(schema: unknown, path: string): Promise<ParquetWriter> };
}

const { ParquetSchema, ParquetWriter } = createRequire(import.meta.url)('parquetjs-lite') as Parquetjs;
const TYPES = {
  int64: 'INT64',
  int16: 'INT32',
  timestamp: 'TIMESTAMP_MILLIS',
  double: 'DOUBLE',
  text: 'UTF8',
} as const;
const CASTS = {
  int64: Number,
  int16: Number,
  double: Number,
  timestamp: (text: string) => new Date(`${text.replace(' ', 'T')}Z`),
  text: (text: string) => text,
} as const;

const { input, output, columns, limit } = jobOf(process.argv);
const schema = new ParquetSchema(
  Object.fromEntries(
    columns.map(({ name, kind }) => [name, { type: TYPES[kind], optional: true, compression: 'SNAPPY' }]),
  ),
);
const writer = await ParquetWriter.openFile(schema, output);
const rows = createReadStream(input).pipe(parse({ columns: true, ...(limit === null ? {} : { to: limit }) }));
for await (const row of rows as AsyncIterable<Record<string, string>>) {
  const values: Record<string, unknown> = {};
  for (const { name, kind } of columns) {
    const text = row[name] as string;
    if (text !== '') values[name] = CASTS[kind](text);
  }
  await writer.appendRow(values);
}
await writer.close();
