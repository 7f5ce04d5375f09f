import type { CsvDialect } from '../../flow/sniff.ts';

/** Keys of a document, as people write them. */
export type Keys = Readonly<Record<string, unknown>>;

/** A text that the loader reads back as it is: `${` begins no reference. */
export function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

/** A path that is read back as it is: `{{` begins no run variable either. */
export function literalPath(path: string): string {
  return literal(path).replaceAll('{{', "{{'{{'}}");
}

/** What a source says of a dialect: only keys that differ from their defaults. */
export function proposeSource(path: string, dialect: CsvDialect): Keys {
  return {
    type: 'csv',
    path: literalPath(path),
    ...(dialect.encoding === 'utf-8' ? {} : { encoding: dialect.encoding }),
    ...(dialect.delimiter === ',' ? {} : { delimiter: literal(dialect.delimiter) }),
    ...(dialect.rowDelimiter === 'auto' ? {} : { row_delimiter: dialect.rowDelimiter }),
    ...(dialect.quote === '"' ? {} : { quote: dialect.quote }),
    ...(dialect.escape === null ? {} : { escape: dialect.escape }),
    ...(dialect.comment === null ? {} : { comment: dialect.comment }),
    ...(dialect.trim ? { trim: true } : {}),
    ...(dialect.trailingDelimiter ? { trailing_delimiter: true } : {}),
    ...(dialect.skipRows === 0 ? {} : { skip_rows: dialect.skipRows }),
    ...(dialect.header ? {} : { header: false, columns: dialect.columns.map(literal) }),
    ...(dialect.repeatedHeader === 'reject' ? {} : { repeated_header: dialect.repeatedHeader }),
    ...(dialect.columns.length > 16_384 ? { max_columns: dialect.columns.length } : {}),
  };
}
