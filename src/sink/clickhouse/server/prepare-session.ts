import { AtlasError } from '../../../errors.ts';
import type { Statement } from './clickhouse-server.ts';
import { quoteText } from './quote-text.ts';

/** What a session of the embedded engine is told before a statement: its settings and parameters. `comment` finds it in `system.processes`. */
export function prepareSession({ settings = {}, params = {} }: Statement, comment: string): readonly string[] {
  const said = Object.entries({ ...settings, log_comment: comment }).map(
    ([name, value]) => `SET ${nameOf(name)} = ${typeof value === 'number' ? value : quoteText(value)}`,
  );
  const bound = Object.entries(params).map(
    ([name, value]) => `SET param_${nameOf(name)} = ${quoteText(paramOf(value))}`,
  );
  return [...said, ...bound];
}

function nameOf(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw new AtlasError('ATLAS_INTERNAL', `no setting or parameter is called ${JSON.stringify(name)}`);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };

/** Parameters are read as cells of TabSeparated are: texts within a list are quoted, and escaped by that alone. */
function paramOf(value: NonNullable<Statement['params']>[string]): string {
  if (typeof value === 'number' || typeof value === 'string') return escapeParam(String(value));
  return `[${value.map((each) => (typeof each === 'number' ? each : quoteText(each))).join(',')}]`;
}

function escapeParam(text: string): string {
  return text.replaceAll(/[\\\n\r\t\0]/g, (each) => ESCAPES[each] ?? each);
}
