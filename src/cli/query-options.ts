import { AtlasError } from '../errors.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';
import { flag, globals, type Values } from './read-options.ts';

/** The options of `query`. */
export interface QueryOptions extends GlobalOptions {
  readonly sql: string;
  readonly connection: string | null;
  readonly url: string | null;
  readonly database: string | null;
  /** Rows that are shown; null = as many as the output should have. 0 = all. */
  readonly limit: number | null;
  /** Milliseconds; null = that of the connection. */
  readonly timeout: number | null;
  readonly json: boolean;
}

/** Reads the options of `query`. Fails with ATLAS_USAGE. */
export function queryOptions(values: Values, args: readonly string[], io: Io): QueryOptions {
  const text = (name: string): string | null => (values[name] as string | null | undefined) ?? null;
  const [url, connection] = [text('url'), text('connection')];
  if (url !== null && connection !== null) {
    throw new AtlasError('ATLAS_USAGE', '--url and --connection are given together', { hint: 'Give one of them.' });
  }
  const timeout = values['timeout'] as number | null;
  return {
    ...globals(values, io),
    sql: args[0] ?? '',
    connection,
    url,
    database: text('database'),
    limit: values['limit'] as number | null,
    timeout: timeout === null ? null : timeout * 1000,
    json: flag(values, 'json'),
  };
}
